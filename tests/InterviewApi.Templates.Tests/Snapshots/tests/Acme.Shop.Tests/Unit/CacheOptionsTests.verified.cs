using Acme.Shop.Core.Caching;
using Acme.Shop.Core.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Unit;

public sealed class CacheOptionsTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("forever")]
    public void A_wrong_lifetime_is_reported_by_its_name(string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Cache:TtlSeconds"] = value });
        builder.Services.AddCheckedOptions<CacheOptions>(CacheOptions.Section);
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(
            provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith("Cache__TtlSeconds: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Lifetimes_differ_and_stay_below_the_configured_one()
    {
        var lifetime = new CacheLifetime(Options.Create(new CacheOptions { TtlSeconds = 100 }));

        var lifetimes = Enumerable.Range(0, 100).Select(_ => lifetime.Next().TotalSeconds).ToList();

        Assert.All(lifetimes, seconds => Assert.InRange(seconds, 90, 100));
        Assert.True(lifetimes.Distinct().Count() > 50);
    }
}
