namespace Acme.Shop.Services;

/// <summary>Signing in, staying signed in, signing out.</summary>
public interface ISessionService
{
    /// <summary>Starts a session.</summary>
    /// <returns>Null if there is no such user or the password is wrong. Which one, the time does not tell either.</returns>
    Task<TokenPair?> SignInAsync(string username, string password, CancellationToken cancellationToken);

    /// <summary>Trades a refresh token for new tokens. A token that was traded before ends its session.</summary>
    /// <returns>Null if the token is not good.</returns>
    Task<TokenPair?> RefreshAsync(string refreshToken, CancellationToken cancellationToken);

    /// <summary>Ends a session: from now on all its tokens are refused, by every instance.</summary>
    Task SignOutAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Tells whether a session of this user exists and was not ended.</summary>
    Task<bool> IsActiveAsync(string sessionId, Guid userId, CancellationToken cancellationToken);
}
