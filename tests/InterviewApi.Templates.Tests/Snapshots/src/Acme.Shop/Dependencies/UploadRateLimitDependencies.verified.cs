using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Dependencies;

/// <summary>The limit for uploads and exports.</summary>
public static class UploadRateLimitDependencies
{
    public static void AddUploadRateLimit(this IServiceCollection services)
    {
        services.AddCheckedOptions<UploadRateLimitOptions>(UploadRateLimitOptions.Section);
        services.AddRateLimitPolicy(UploadRateLimitOptions.Policy, provider =>
            provider.GetRequiredService<IOptions<UploadRateLimitOptions>>().Value.PermitLimit);
    }
}
