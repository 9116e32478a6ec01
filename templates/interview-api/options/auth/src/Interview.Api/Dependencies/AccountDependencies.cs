using InterviewApi.Repositories;
using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>Users and their sessions.</summary>
public static class AccountDependencies
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddScoped<IUserRepository, UserRepository>();
        services.AddScoped<IUserService, UserService>();
        services.AddScoped<ISessionRepository, SessionRepository>();
        services.AddScoped<ISessionService, SessionService>();
#if (UseWebSockets)
        services.AddHostedService<EndedSessionCloser>();
#endif
        return services;
    }
}
