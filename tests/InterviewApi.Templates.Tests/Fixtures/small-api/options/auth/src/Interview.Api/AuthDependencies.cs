namespace InterviewApi.Dependencies;

/// <summary>Accounts.</summary>
public static class AuthDependencies
{
    /// <summary>Requests are authorized.</summary>
    public static void AddAuth(this WebApplicationBuilder builder) => builder.Services.AddAuthorization();
}
