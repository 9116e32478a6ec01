using Acme.Shop.Core.Security;
using Acme.Shop.Models;
using Acme.Shop.Repositories;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Services;

/// <summary>Starts, refreshes and revokes sessions.</summary>
public sealed class SessionService(
    UserRepository users,
    SessionRepository sessions,
    PasswordHashing passwords,
    AccessTokenFactory accessTokens,
    SecurityLog securityLog,
    IOptions<JwtOptions> options,
    TimeProvider time)
{
    private readonly JwtOptions _options = options.Value;

    /// <summary>Starts a session.</summary>
    /// <returns>Null if the user does not exist or the password is wrong; both take the same time.</returns>
    /// <exception cref="PasswordQueueFullException">Too many passwords are waiting to be verified.</exception>
    public async Task<TokenPair?> SignInAsync(string username, string password, CancellationToken cancellationToken)
    {
        var user = User.IsUsername(username)
            ? await users.FindByUsernameAsync(User.Normalize(username), cancellationToken)
            : null;
        var (isValid, newHash) = await passwords.VerifyAsync(user, password, cancellationToken);
        if (user is null || !isValid)
        {
            securityLog.LoginFailed(user?.Id);
            return null;
        }

        if (newHash is not null)
        {
            await users.ReplacePasswordHashAsync(user, newHash, cancellationToken);
        }

        return await StartSessionAsync(user, cancellationToken);
    }

    /// <summary>
    /// Exchanges a refresh token for new tokens. For a short time, the previous token yields the same successor,
    /// because the client may not have received the response; any other reuse revokes the session.
    /// </summary>
    /// <returns>Null if the token is invalid.</returns>
    public async Task<TokenPair?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (RefreshToken.Parse(refreshToken) is not { } token
            || await sessions.FindAsync(token.SessionId, cancellationToken) is not { User: { } user } session
            || session.ExpiresAt <= now)
        {
            securityLog.RefreshFailed();
            return null;
        }

        // From here on the request's cancellation is ignored: a client that disconnects must not stop a rotation or a revocation.
        var rotationKey = RefreshToken.CreateRotationKey();
        var next = token.Next(rotationKey);
        var successor = new Session
        {
            Id = session.Id,
            RefreshTokenHash = next.Hash,
            RotationKey = rotationKey,
            RotatedAt = now,
            ExpiresAt = Earlier(now.AddDays(_options.RefreshTokenDays), session.EndsAt),
        };
        if (await sessions.TryRotateAsync(token.Hash, successor, CancellationToken.None))
        {
            securityLog.Refreshed(user.Id, session.Id);
            return Issue(user, next);
        }

        if (await sessions.FindAsync(session.Id, CancellationToken.None) is { RotationKey: { } key } current
            && token.Next(key) is var repeated
            && repeated.Hash == current.RefreshTokenHash
            && (repeated.Hash == next.Hash || IsWithinGrace(now - current.RotatedAt)))
        {
            securityLog.RefreshRepeated(user.Id, session.Id);
            return Issue(user, repeated);
        }

        // The token was used twice, so it may be stolen. The session is revoked.
        if (await sessions.RemoveAsync(session.Id, CancellationToken.None))
        {
            securityLog.RefreshTokenReused(user.Id, session.Id);
        }
        else
        {
            securityLog.RefreshFailed();
        }

        return null;
    }

    /// <summary>Revokes a session. Every instance then rejects its tokens.</summary>
    public async Task SignOutAsync(string sessionId, Guid userId, CancellationToken cancellationToken)
    {
        if (await sessions.RemoveAsync(sessionId, cancellationToken))
        {
            securityLog.LoggedOut(userId, sessionId);
        }
    }

    /// <summary>Returns whether a session of this user exists and was not revoked.</summary>
    public Task<bool> IsActiveAsync(string sessionId, Guid userId, CancellationToken cancellationToken) =>
        sessions.ExistsAsync(sessionId, userId, cancellationToken);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    // The clocks of two instances may differ, so the age of a rotation may be negative.
    private bool IsWithinGrace(TimeSpan age) =>
        _options.RefreshGraceSeconds > 0 && age < TimeSpan.FromSeconds(_options.RefreshGraceSeconds);

    private async Task<TokenPair> StartSessionAsync(User user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await sessions.RemoveExpiredAsync(now, cancellationToken);

        var token = RefreshToken.Create();
        var endsAt = now.AddDays(_options.SessionDays);
        var session = new Session
        {
            Id = token.SessionId,
            UserId = user.Id,
            RefreshTokenHash = token.Hash,
            RotatedAt = now,
            ExpiresAt = Earlier(now.AddDays(_options.RefreshTokenDays), endsAt),
            EndsAt = endsAt,
        };
        await sessions.AddAsync(session, cancellationToken);
        securityLog.LoginSucceeded(user.Id, session.Id);

        // After the insert, and even if the client disconnects, so that concurrent logins cannot exceed the limit together.
        if (await sessions.RemoveBeyondAsync(_options.MaxSessionsPerUser, user.Id, CancellationToken.None) is > 0 and var count)
        {
            securityLog.SessionsRevoked(user.Id, count);
        }

        return Issue(user, token);
    }

    private TokenPair Issue(User user, RefreshToken token) =>
        new(accessTokens.Create(user, token.SessionId), accessTokens.Lifetime, token.Text);
}

/// <summary>The tokens of a signed-in client.</summary>
// A class, not a record: a record's ToString would expose the tokens in logs.
public sealed class TokenPair(string accessToken, TimeSpan accessTokenLifetime, string refreshToken)
{
    public string AccessToken { get; } = accessToken;

    public TimeSpan AccessTokenLifetime { get; } = accessTokenLifetime;

    public string RefreshToken { get; } = refreshToken;
}
