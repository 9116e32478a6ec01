using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Security;
using Acme.Shop.Models;
using Acme.Shop.Repositories;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Services;

/// <inheritdoc cref="ISessionService"/>
public sealed class SessionService(
    IUserRepository users,
    ISessionRepository sessions,
    PasswordHashing passwords,
    AccessTokenFactory accessTokens,
    IOptions<JwtOptions> options,
    TimeProvider time) : ISessionService
{
    private readonly TimeSpan _lifetime = TimeSpan.FromDays(options.Value.RefreshTokenDays);

    public async Task<TokenPair?> SignInAsync(string username, string password, CancellationToken cancellationToken)
    {
        // A name that nobody can have is not looked up: a database may refuse its characters.
        var user = User.IsUsername(username)
            ? await users.FindByUsernameAsync(User.Normalize(username), cancellationToken)
            : null;
        var verification = await passwords.VerifyAsync(user, password, cancellationToken);
        if (user is null || verification == PasswordVerificationResult.Failed)
        {
            return null;
        }

        if (verification == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = await passwords.HashAsync(password, cancellationToken);
            await users.ReplacePasswordHashAsync(user, hash, cancellationToken);
        }

        return await StartSessionAsync(user, cancellationToken);
    }

    public async Task<TokenPair?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        if (RefreshToken.Parse(refreshToken) is not { } token
            || await sessions.FindAsync(token.SessionId, cancellationToken) is not { } session
            || session.ExpiresAt <= time.GetUtcNow())
        {
            return null;
        }

        var next = token.Next();
        var expiresAt = time.GetUtcNow() + _lifetime;
        if (await sessions.TryRotateAsync(session.Id, token.Hash, next.Hash, expiresAt, cancellationToken))
        {
            return Issue(session.User!, next);
        }

        // Two parties hold this token. Nobody can tell which of them is the thief, so both are signed out.
        await sessions.RemoveAsync(session.Id, CancellationToken.None);
        return null;
    }

    public Task SignOutAsync(string sessionId, CancellationToken cancellationToken) =>
        sessions.RemoveAsync(sessionId, cancellationToken);

    public Task<bool> IsActiveAsync(string sessionId, Guid userId, CancellationToken cancellationToken) =>
        sessions.ExistsAsync(sessionId, userId, cancellationToken);

    private async Task<TokenPair> StartSessionAsync(User user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await sessions.RemoveExpiredAsync(now, cancellationToken);

        var token = RefreshToken.Create();
        await sessions.AddAsync(
            new Session
            {
                Id = token.SessionId,
                UserId = user.Id,
                RefreshTokenHash = token.Hash,
                ExpiresAt = now + _lifetime,
            },
            cancellationToken);
        return Issue(user, token);
    }

    private TokenPair Issue(User user, RefreshToken token) =>
        new(accessTokens.Create(user, token.SessionId), accessTokens.Lifetime, token.Text);
}
