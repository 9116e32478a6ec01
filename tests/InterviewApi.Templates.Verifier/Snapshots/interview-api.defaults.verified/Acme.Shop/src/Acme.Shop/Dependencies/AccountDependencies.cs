using Acme.Shop.Repositories;
using Acme.Shop.Services;

namespace Acme.Shop.Dependencies;

/// <summary>Users and their sessions.</summary>
public static class AccountDependencies
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddScoped<IUserRepository, UserRepository>();
        services.AddScoped<IUserService, UserService>();
        services.AddScoped<ISessionRepository, SessionRepository>();
        services.AddScoped<ISessionService, SessionService>();
        services.AddHostedService<EndedSessionCloser>();
        return services;
    }
}
