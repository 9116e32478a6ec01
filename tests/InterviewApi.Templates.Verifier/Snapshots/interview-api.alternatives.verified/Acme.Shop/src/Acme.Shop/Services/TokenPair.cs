namespace Acme.Shop.Services;

/// <summary>What a client holds while it is signed in.</summary>
// A class and not a record: the text of a record would show the tokens to any log.
public sealed class TokenPair(string accessToken, TimeSpan accessTokenLifetime, string refreshToken)
{
    public string AccessToken { get; } = accessToken;

    public TimeSpan AccessTokenLifetime { get; } = accessTokenLifetime;

    public string RefreshToken { get; } = refreshToken;
}
