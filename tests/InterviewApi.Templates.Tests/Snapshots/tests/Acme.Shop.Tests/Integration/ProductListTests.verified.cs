using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductListTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new();
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _api.InitializeAsync();
        _client = await _api.CreateWriterAsync();
        for (var number = 1; number <= 5; number++)
        {
            await _client.CreateProductAsync($"Cup {number}", number % 2 == 0 ? "even" : "odd");
        }
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Pages_are_in_the_order_of_creation_and_linked()
    {
        var first = await _client.GetAsync($"{Products.V1}?limit=2&category=odd&q=cup");
        Assert.Equal(["Cup 1", "Cup 3"], NamesOf(await first.ReadJsonAsync()));
        var next = Assert.Single(LinksOf(first));
        Assert.Equal("next", next.Key);

        var second = await _client.GetAsync(next.Value);
        Assert.Equal(["Cup 5"], NamesOf(await second.ReadJsonAsync()));
        var previous = Assert.Single(LinksOf(second));
        Assert.Equal("prev", previous.Key);

        Assert.Equal(["Cup 1", "Cup 3"], NamesOf(await _client.GetJsonAsync(previous.Value)));
    }

    [Theory]
    [InlineData("q=CUP%203", "Cup 3")]
    [InlineData("category=even", "Cup 2", "Cup 4")]
    [InlineData("category=EVEN")]
    [InlineData("q=60%20ML&skip=4", "Cup 5")]
    [InlineData("q=%25")]
    [InlineData("q=&category=&limit=2", "Cup 1", "Cup 2")]
    [InlineData("q=&category=even&limit=1", "Cup 2")]
    [InlineData("skip=2147483647")]
    public async Task A_filter_finds_what_it_says(string query, params string[] names)
    {
        Assert.Equal(names, NamesOf(await _client.GetJsonAsync($"{Products.V1}?{query}")));
    }

    [Fact]
    public async Task A_text_is_found_without_regard_to_case_in_any_alphabet()
    {
        await _client.CreateProductAsync("Éclair Ü", "other");

        foreach (var text in new[] { "Éclair Ü", "éclair ü", "ÉCLAIR Ü", "ir ü" })
        {
            var found = await _client.GetJsonAsync($"{Products.V1}?q={Uri.EscapeDataString(text)}");
            Assert.Equal(["Éclair Ü"], NamesOf(found));
        }
    }

    [Fact]
    public async Task A_link_repeats_what_the_endpoint_knows_and_nothing_else()
    {
        var q = new string('€', 100);
        var category = new string('€', 50);
        await _client.CreateProductAsync(q, category);
        await _client.CreateProductAsync(q, category);
        await _client.CreateProductAsync(q, category);

        var response = await _client.GetAsync(
            $"{Products.V1}?skip=1&limit=1&q={q}&category={category}&x={new string('x', 7000)}&q={q}&Skip=1");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        response = await _client.GetAsync(
            $"{Products.V1}?skip=1&limit=1&q={q}&category={category}&x={new string('x', 7000)}");
        Assert.Equal(["next", "prev"], LinksOf(response).Keys);
        Assert.All(LinksOf(response).Values, link => Assert.DoesNotContain("x=", link, StringComparison.Ordinal));
        response.ShouldHaveSmallHeaders();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("skip=-1&limit=-1", "limit", "skip")]
    [InlineData("skip=99999999999", "skip")]
    [InlineData("q=%00", "q")]
    public async Task A_wrong_parameter_is_named(string query, params string[] fields)
    {
        await (await _client.GetAsync($"{Products.V1}?{query}")).ShouldRefuseAsync(fields);
    }

    [Fact]
    public async Task A_cursor_is_not_moved_by_changes_before_it()
    {
        var first = await _client.GetFromJsonAsync<JsonElement>($"{Products.V2}?limit=2");
        Assert.Equal(["Cup 1", "Cup 2"], NamesOf(first.GetProperty("items")));
        var gone = first.GetProperty("items")[0].GetProperty("id").GetInt64();
        await _client.DeleteAsync($"{Products.V2}/{gone}");

        var second = await _client.GetJsonAsync($"{Products.V2}?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.Equal(["Cup 3", "Cup 4"], NamesOf(second.GetProperty("items")));
        var last = await _client.GetJsonAsync($"{Products.V2}?limit=2&cursor={second.GetProperty("nextCursor").GetString()}");
        Assert.Equal(["Cup 5"], NamesOf(last.GetProperty("items")));
        Assert.Equal(JsonValueKind.Null, last.GetProperty("nextCursor").ValueKind);
    }

    [Theory]
    [InlineData("cursor=!!!", "cursor")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("cursor=AAAAAAAAAAE%3D", "cursor")]
    [InlineData("cursor=__________8", "cursor")]
    [InlineData("limit=101", "limit")]
    public async Task A_wrong_cursor_is_refused(string query, string field)
    {
        await (await _client.GetAsync($"{Products.V2}?{query}")).ShouldRefuseAsync(field);
    }

    private static IEnumerable<string?> NamesOf(JsonElement products) =>
        products.EnumerateArray().Select(product => product.GetProperty("name").GetString());

    private static Dictionary<string, string> LinksOf(HttpResponseMessage response) =>
        response.Headers.GetValues("Link")
            .SelectMany(header => header.Split(", "))
            .Select(link => link.Split(['<', '>', '"']))
            .ToDictionary(parts => parts[3], parts => parts[1]);
}
