using System.ComponentModel.DataAnnotations;

namespace InterviewApi.Core.Configuration;

/// <summary>How many logins, registrations and refreshes there may be within the window.</summary>
public sealed class AuthRateLimitOptions
{
    public const string Section = $"{RateLimitOptions.Section}:Auth";
    public const string Policy = "auth";
    public const string AccountPolicy = "account";

    /// <value>The most logins, registrations and refreshes together of one address. The default is 5.</value>
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; } = 5;

    /// <value>The most logins to one account, from all addresses together. The default is 50.</value>
    [Range(1, int.MaxValue)]
    public int AccountPermitLimit { get; set; } = 50;
}
