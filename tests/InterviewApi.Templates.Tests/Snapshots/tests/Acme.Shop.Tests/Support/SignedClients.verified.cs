using System.Net.Http.Headers;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Security;
using Acme.Shop.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Support;

/// <summary>Clients for tests that are not about login: they sign their own token instead of requesting one.</summary>
public static class SignedClients
{
    /// <summary>A client of a new user with a session, without a registration, a password or an event.</summary>
    public static async Task<HttpClient> CreateSignedClientAsync(this ApiFactory api)
    {
        var account = TestUser.Create();
        var user = new User
        {
            Id = Guid.NewGuid(),
            Username = account.Username,
            NormalizedUsername = User.Normalize(account.Username),
            Email = account.Email,
            NormalizedEmail = User.Normalize(account.Email),
            PasswordHash = "",
        };
        var session = new Session
        {
            Id = $"{Guid.NewGuid():N}",
            User = user,
            RefreshTokenHash = "",
            ExpiresAt = api.Time.GetUtcNow().AddDays(1),
            EndsAt = api.Time.GetUtcNow().AddDays(1),
        };
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Add(session);
        await db.SaveChangesAsync();

        var client = api.CreateClient();
        var token = api.Services.GetRequiredService<AccessTokens>().Create(user, session.Id);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
