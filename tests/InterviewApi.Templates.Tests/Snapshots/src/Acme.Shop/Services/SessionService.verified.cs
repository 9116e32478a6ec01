using System.Text.Json.Serialization;
using Acme.Shop.Core.Security;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>Starts, refreshes and revokes sessions.</summary>
public sealed class SessionService(
    AccountRepository accounts, PasswordHashing passwords, AccessTokens accessTokens, SecurityLog securityLog,
    IOptions<JwtOptions> options, TimeProvider time)
{
    private readonly JwtOptions _options = options.Value;

    /// <returns>Null if the user does not exist or is disabled, or the password is wrong; all take the same time.</returns>
    public async Task<TokenResponse?> SignInAsync(string username, string password, CancellationToken cancellationToken)
    {
        var user = User.IsUsername(username)
            ? await accounts.FindUserAsync(User.Normalize(username), cancellationToken)
            : null;
        var (isValid, newHash) = await passwords.VerifyAsync(user, password, cancellationToken);
        if (user is not { IsDisabled: false } || !isValid)
        {
            securityLog.Write(SecurityEvent.LoginFailed, user?.Id);
            return null;
        }

        var now = time.GetUtcNow();
        await accounts.RemoveExpiredSessionsAsync(now, cancellationToken);

        var token = RefreshToken.Create();
        var endsAt = now.AddDays(_options.SessionDays);
        var session = new Session
        {
            Id = token.SessionId,
            UserId = user.Id,
            RefreshTokenHash = token.Hash,
            RotatedAt = now,
            ExpiresAt = ExpirationOf(now, endsAt),
            EndsAt = endsAt,
        };
        await accounts.AddSessionAsync(session, cancellationToken);

        // If the password or the account has changed meanwhile, start over. A change after this statement ends the session.
        if (!await accounts.TryReplacePasswordHashAsync(user, newHash ?? user.PasswordHash, CancellationToken.None))
        {
            await accounts.RemoveSessionAsync(session.Id, user.Id, CancellationToken.None);
            return await SignInAsync(username, password, cancellationToken);
        }

        securityLog.Write(SecurityEvent.LoginSucceeded, user.Id, token.SessionId);

        // After the insert, and even if the client disconnects, so that concurrent logins cannot exceed the limit together.
        if (await accounts.RemoveSessionsBeyondAsync(_options.MaxSessionsPerUser, user.Id, CancellationToken.None) > 0)
        {
            securityLog.Write(SecurityEvent.SessionsRevoked, user.Id, token.SessionId);
        }

        return Issue(user, token);
    }

    /// <summary>Exchanges a refresh token for new tokens. Any reuse revokes the session, except right after the exchange.</summary>
    /// <returns>Null if the token is invalid.</returns>
    // Right after it, the client may not have received the response, and gets the same successor.
    public async Task<TokenResponse?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (RefreshToken.Parse(refreshToken) is not { } token
            || await accounts.FindSessionAsync(token.SessionId, cancellationToken) is not { User: { IsDisabled: false } user } session
            || session.ExpiresAt <= now)
        {
            securityLog.Write(SecurityEvent.RefreshFailed);
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
            ExpiresAt = ExpirationOf(now, session.EndsAt),
        };
        if (await accounts.TryRotateAsync(token.Hash, successor, CancellationToken.None))
        {
            securityLog.Write(SecurityEvent.Refreshed, user.Id, session.Id);
            return Issue(user, next);
        }

        if (await accounts.FindSessionAsync(session.Id, CancellationToken.None) is { RotationKey: { } key } current)
        {
            var repeated = token.Next(key);
            if (repeated.Hash == current.RefreshTokenHash
                && (repeated.Hash == next.Hash || IsWithinGrace(now - current.RotatedAt)))
            {
                securityLog.Write(SecurityEvent.RefreshRepeated, user.Id, session.Id);
                return Issue(user, repeated);
            }
        }

        // The token was used twice, so it may be stolen, unless the session has ended in the meantime.
        var isRevoked = await accounts.RemoveSessionAsync(session.Id, user.Id, CancellationToken.None);
        securityLog.Write(isRevoked ? SecurityEvent.RefreshTokenReused : SecurityEvent.RefreshFailed, user.Id, session.Id);
        return null;
    }

    /// <summary>Lists the sessions of a user that have not expired, the most recently refreshed first.</summary>
    public Task<IReadOnlyList<Session>> ListAsync(Guid userId, CancellationToken cancellationToken) =>
        accounts.ListSessionsAsync(userId, time.GetUtcNow(), cancellationToken);

    /// <summary>Revokes a session. Every instance then rejects its tokens.</summary>
    /// <returns>False if the user has no such session.</returns>
    public async Task<bool> SignOutAsync(string sessionId, Guid userId, CancellationToken cancellationToken)
    {
        var isRevoked = await accounts.RemoveSessionAsync(sessionId, userId, cancellationToken);
        if (isRevoked)
        {
            securityLog.Write(SecurityEvent.LoggedOut, userId, sessionId);
        }

        return isRevoked;
    }

    public async Task SignOutEverywhereAsync(Guid userId, CancellationToken cancellationToken)
    {
        await accounts.RemoveSessionsAsync(userId, keptId: null, cancellationToken);
        securityLog.Write(SecurityEvent.LoggedOutEverywhere, userId);
    }

    /// <summary>Returns whether a session of this user exists, and the user is not disabled and still has the role.</summary>
    /// <param name="role">Null if the token has none. A role that was granted since is in the next token.</param>
    public async Task<bool> IsActiveAsync(string? sessionId, string? userId, string? role, CancellationToken cancellationToken) =>
        sessionId is not null
        && Guid.TryParse(userId, out var id)
        && await accounts.HasSessionAsync(sessionId, id, role, cancellationToken);

    private DateTimeOffset ExpirationOf(DateTimeOffset now, DateTimeOffset endsAt) =>
        new[] { now.AddDays(_options.RefreshTokenDays), endsAt }.Min();

    // The clocks of two instances may differ, so the age of a rotation may be negative.
    private bool IsWithinGrace(TimeSpan age) =>
        _options.RefreshGraceSeconds > 0 && age < TimeSpan.FromSeconds(_options.RefreshGraceSeconds);

    private TokenResponse Issue(User user, RefreshToken token) => new()
    {
        AccessToken = accessTokens.Create(user, token.SessionId),
        ExpiresIn = _options.AccessTokenMinutes * 60,
        RefreshToken = token.Text,
    };
}

/// <summary>The tokens of a signed-in client, with the names of RFC 6749 section 5.1.</summary>
// A class, not a record: a record's ToString would expose the tokens in logs.
public sealed class TokenResponse
{
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("token_type")]
    public string TokenType { get; } = "Bearer";

    /// <summary>The lifetime of the access token in seconds.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>Can be used once to get new tokens.</summary>
    [JsonPropertyName("refresh_token")]
    public required string RefreshToken { get; init; }
}
