using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

/// <summary>Gadgets, at two instances that share a database.</summary>
public sealed class GadgetTests : IAsyncLifetime
{
    private const string Gadgets = "/api/v2/gadgets";

    private readonly ApiFactory _first = new();
    private ApiFactory _second = new();

    public async ValueTask InitializeAsync()
    {
        await _first.InitializeAsync();
        _second = _second.With("ConnectionStrings:Database", _first.Database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_response_from_each_instance()
    {
        var (client, other) = await CreateClientsAsync();

        var first = await CreateAsync(client, 1, "key");
        await MoveAsync(client, first.Headers.Location!.ToString(), "SecondState");
        var again = await CreateAsync(other, 1, "key");

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_key_belongs_to_one_body_and_one_user_and_a_refused_request_leaves_it()
    {
        var (client, other) = await CreateClientsAsync();
        var stranger = await _first.CreateWriterAsync();
        await CreateAsync(client, 1, "key");

        await (await CreateAsync(other, 2, "key")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(stranger, 2, "key")).StatusCode);
        await (await CreateAsync(client, 1, "other")).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(client, 2, "other")).StatusCode);
        await (await CreateAsync(client, 3, "a key")).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_simultaneous_requests_with_one_key_one_takes_effect_and_is_counted()
    {
        var (client, other) = await CreateClientsAsync();

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(index => CreateAsync(index % 2 == 0 ? client : other, 1, "key")));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.Single(responses.Select(response => response.Headers.Location).Distinct());
        await CreateAsync(client, 2);
        Assert.Equal((2, 2, 0), await StatisticsAsync(other, 2));
    }

    [Fact]
    public async Task Of_simultaneous_moves_one_wins_and_the_end_is_counted_once()
    {
        var (client, other) = await CreateClientsAsync();
        var gadget = (await CreateAsync(client, 1)).Headers.Location!.ToString();
        await (await MoveAsync(client, gadget, "LastState")).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        await MoveAsync(client, gadget, "SecondState");

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(index => MoveAsync(index % 2 == 0 ? client : other, gadget, "LastState")));

        Assert.All(responses, response => Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
        await (await MoveAsync(other, gadget, "SecondState")).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        await CreateAsync(client, 2);
        Assert.Equal((2, 2, 1), await StatisticsAsync(client, 2));
    }

    [Fact]
    public async Task What_belongs_to_another_user_is_not_found()
    {
        var gadget = (await CreateAsync(await _first.CreateWriterAsync(), 1)).Headers.Location!.ToString();
        var stranger = await _first.CreateWriterAsync();

        await (await stranger.GetAsync(gadget)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await MoveAsync(stranger, gadget, "SecondState")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, await CountAsync(stranger));
    }

    [Fact]
    public async Task An_import_creates_every_row_or_none()
    {
        var (client, other) = await CreateClientsAsync();
        var rows = Enumerable.Range(1, 600).Select(Row).ToArray();

        await (await ImportAsync(client, [.. rows, rows[0]])).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(0, await CountAsync(other));

        Assert.Equal(HttpStatusCode.OK, (await ImportAsync(client, [.. rows, "", "\r"])).StatusCode);
        Assert.Equal((600, 600, 0), await StatisticsAsync(other, 600));
    }

    [Fact]
    public async Task An_import_names_the_first_lines_that_are_wrong()
    {
        var client = await _first.CreateWriterAsync();

        await (await ImportAsync(client, Row(1), "{", "null", Row(2), $"{Row(3)}{new string(' ', 5000)}")).ShouldRefuseAsync("2", "3", "5");
        await (await ImportAsync(client, [.. Enumerable.Repeat("{}", 1000)]))
            .ShouldRefuseAsync([.. Enumerable.Range(1, 20).Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        await (await ImportAsync(client, "")).ShouldRefuseAsync("$");
        Assert.Equal(0, await CountAsync(client));
    }

    private static string Reference(int number) => $"%prefix%-{number:D%digits%}";

    private static string Row(int number) => $$"""{"reference":"{{Reference(number)}}","quantity":1}""";

    // Clients of one user, whose token both instances accept.
    private async Task<(HttpClient Client, HttpClient Other)> CreateClientsAsync()
    {
        var (client, other) = (await _first.CreateWriterAsync(), _second.CreateClient());
        other.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        return (client, other);
    }

    private static Task<HttpResponseMessage> CreateAsync(HttpClient client, int number, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Gadgets)
        {
            Content = JsonContent.Create(new { reference = Reference(number), quantity = 1 }),
        };
        return client.SendAsync(key is null ? request : request.With("Idempotency-Key", key));
    }

    private static Task<HttpResponseMessage> MoveAsync(HttpClient client, string gadget, string status) =>
        client.PutAsJsonAsync($"{gadget}/status", new { status });

    private static Task<HttpResponseMessage> ImportAsync(HttpClient client, params string[] lines) =>
        client.PostAsync($"{Gadgets}/import", new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson"));

    private static async Task<int> CountAsync(HttpClient client) =>
        (await (await client.GetAsync(Gadgets)).ReadJsonAsync()).GetProperty("items").GetArrayLength();

    // Waits until so many are counted.
    private static async Task<(int Created, long Quantity, int Finished)> StatisticsAsync(HttpClient client, int created)
    {
        (int Created, long Quantity, int Finished) counted = default;
        await Eventually.HoldsAsync(async () =>
        {
            var statistics = await (await client.GetAsync($"{Gadgets}/statistics")).ReadJsonAsync();
            counted = (
                statistics.GetProperty("created").GetInt32(),
                statistics.GetProperty("quantity").GetInt64(),
                statistics.GetProperty("finished").GetInt32());
            return counted.Created >= created;
        });
        return counted;
    }
}
