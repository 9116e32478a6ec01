using System.Globalization;
using Microsoft.AspNetCore.Hosting;

namespace Acme.Shop.Tests.Support;

/// <summary>The limits of the application under test.</summary>
internal static class RateLimits
{
    private const string Unlimited = "1000000";

    /// <summary>Lets tests send what they like; those about limits set their own.</summary>
    public static void LiftRateLimits(this IWebHostBuilder host)
    {
        host.UseSetting("RateLimiting:PermitLimit", Unlimited);
@@ auth=jwt
        host.UseSetting("RateLimiting:Auth:PermitLimit", Unlimited);
@@ sample=full
        host.UseSetting("RateLimiting:Upload:PermitLimit", Unlimited);
        host.UseSetting("RateLimiting:Search:PermitLimit", Unlimited);
@@ always
    }

    public static ApiFactory WithLimit(this ApiFactory api, int permitLimit, int windowSeconds = 60) => api
        .With("RateLimiting:PermitLimit", permitLimit.ToString(CultureInfo.InvariantCulture))
        .With("RateLimiting:WindowSeconds", windowSeconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number of a parameter of the <c>RateLimit</c> field, such as <c>"default";r=9;t=60</c>.</summary>
    public static int RateLimit(this HttpResponseMessage response, string parameter)
    {
        var item = Assert.Single(response.Headers.GetValues("RateLimit"));
        var value = item.Split(';').Single(part => part.StartsWith($"{parameter}=", StringComparison.Ordinal));
        return int.Parse(value.AsSpan(parameter.Length + 1), CultureInfo.InvariantCulture);
    }
}
