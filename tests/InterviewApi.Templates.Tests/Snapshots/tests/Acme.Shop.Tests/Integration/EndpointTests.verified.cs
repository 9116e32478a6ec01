using System.Text.Json;
using Acme.Shop.Core.Http;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

/// <summary>What any endpoint may rely on.</summary>
public sealed class EndpointTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public void An_enum_is_text_in_JSON()
    {
        var json = api.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

        Assert.Equal("\"Friday\"", JsonSerializer.Serialize(DayOfWeek.Friday, json));
        Assert.Equal(DayOfWeek.Friday, JsonSerializer.Deserialize<DayOfWeek>("\"friday\"", json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DayOfWeek>("5", json));
    }

    [Theory]
    [InlineData("Friday", true)]
    [InlineData("friday", true)]
    [InlineData("5", false)]
    [InlineData("", false)]
    public void An_enum_is_text_in_a_query(string text, bool isName)
    {
        Assert.Equal(isName, EnumName<DayOfWeek>.TryParse(text, null, out var day));
        Assert.Equal(isName ? DayOfWeek.Friday : default, day.Value);
    }

    [Fact]
    public void A_form_needs_no_antiforgery_token()
    {
        var endpoints = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal));

        Assert.All(endpoints, endpoint => Assert.False(endpoint.Metadata.GetRequiredMetadata<IAntiforgeryMetadata>().RequiresValidation));
    }
}
