using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class RequestIdTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("a")]
    [InlineData("Order.42_retry-1")]
    public async Task An_acceptable_id_is_kept(string id)
    {
        Assert.Equal(id, await AnsweredIdAsync(id));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("with/slash")]
    [InlineData("<script>")]
    [InlineData("ü")]
    public async Task Another_id_is_replaced(string id)
    {
        var answered = await AnsweredIdAsync(id);

        Assert.NotEqual(id, answered);
        Assert.Matches("^[0-9a-f]{32}$", answered);
    }

    [Fact]
    public async Task The_longest_id_has_128_characters()
    {
        var longest = new string('a', 128);

        Assert.Equal(longest, await AnsweredIdAsync(longest));
        Assert.NotEqual(longest + "a", await AnsweredIdAsync(longest + "a"));
    }

    [Fact]
    public async Task Requests_without_an_id_get_different_ones()
    {
        Assert.NotEqual(await AnsweredIdAsync(null), await AnsweredIdAsync(null));
    }

    private async Task<string> AnsweredIdAsync(string? id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        if (id is not null)
        {
            request.With("X-Request-ID", id);
        }

        var response = await api.CreateClient().SendAsync(request);
        return Assert.Single(response.Headers.GetValues("X-Request-ID"));
    }
}
