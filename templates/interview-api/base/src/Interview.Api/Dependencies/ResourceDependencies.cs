namespace InterviewApi.Dependencies;

/// <summary>The services and repositories of each resource, one line a resource.</summary>
public static class ResourceDependencies
{
    public static IServiceCollection AddResources(this IServiceCollection services)
    {
#if (UseAuth)
        services.AddAccounts();
#endif
#if (UseSample)
        services.AddProducts();
#endif
        return services;
    }
}
