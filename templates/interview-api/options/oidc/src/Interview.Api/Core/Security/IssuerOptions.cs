namespace InterviewApi.Core.Security;

/// <summary>The identity provider whose access tokens are accepted.</summary>
public sealed class IssuerOptions
{
    /// <value>The URL of the issuer, without <c>/.well-known/openid-configuration</c>.</value>
    public string Authority { get; set; } = "";

    /// <value>The name of this API in the <c>aud</c> claim of access tokens.</value>
    [Required]
    public string Audience { get; set; } = "";

    /// <value>The claim that lists the roles of a user. The default is roles.</value>
    [Required]
    public string RoleClaim { get; set; } = "roles";

    /// <value>The tolerated difference to the clock of the issuer, in seconds. The default is 30.</value>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 30;

    /// <value>The public client with which <c>/docs</c> signs in. Empty for none.</value>
    public string DocsClientId { get; set; } = "";

    /// <value>The scopes that <c>/docs</c> requests, separated by spaces. The default is openid.</value>
    public string DocsScopes { get; set; } = "openid";

    /// <summary>Whether the authority is an HTTPS URL; plain HTTP is for Development and for this machine.</summary>
    public bool HasSafeAuthority(bool isDevelopment) => Uri.TryCreate(Authority, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && (isDevelopment || url.IsLoopback)));
}
