using Acme.Shop.Core.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Unit;

public sealed class RateLimitOptionsTests
{
    [Theory]
    [InlineData("PermitLimit", "0")]
    [InlineData("PermitLimit", "many")]
    [InlineData("WindowSeconds", "-1")]
    [InlineData("WindowSeconds", "100000")]
    public void A_wrong_value_is_reported_by_its_name(string setting, string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { [$"{RateLimitOptions.Section}:{setting}"] = value });
        builder.Services.AddCheckedOptions<RateLimitOptions>(RateLimitOptions.Section);
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(
            provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith($"RateLimiting__{setting}: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }
}
