using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class GadgetTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Gadgets = "/api/v2/gadgets";
    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. new byte[100]];

    [Fact]
    public async Task The_status_moves_as_it_may_and_each_move_is_recorded_once()
    {
        var client = await api.CreateWriterAsync();
        var gadget = await CreateAsync(client, 1);

        await (await MoveAsync(client, gadget, "LastState")).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        foreach (var status in (string[])["SecondState", "FirstState", "SecondState", "LastState", "LastState"])
        {
            Assert.Equal(HttpStatusCode.OK, (await MoveAsync(client, gadget, status)).StatusCode);
        }

        await (await MoveAsync(client, gadget, "FirstState")).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(["SecondState", "FirstState", "SecondState", "LastState"], await HistoryAsync(client, gadget));
    }

    [Fact]
    public async Task Of_simultaneous_moves_one_is_made()
    {
        var client = await api.CreateWriterAsync();
        var gadget = await CreateAsync(client, 1);

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => MoveAsync(client, gadget, "SecondState")));

        Assert.All(responses, response => Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
        Assert.Single(await HistoryAsync(client, gadget));
    }

    [Fact]
    public async Task What_belongs_to_another_user_is_not_found()
    {
        var gadget = await CreateAsync(await api.CreateWriterAsync(), 1);
        var other = await api.CreateWriterAsync();

        await (await other.GetAsync(gadget)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await other.GetAsync($"{gadget}/history")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await MoveAsync(other, gadget, "SecondState")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await AttachAsync(other, gadget, Pdf)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        var old = gadget.Replace("/v2/", "/v1/", StringComparison.Ordinal);
        await (await other.GetAsync(old)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Empty((await (await other.GetAsync(Gadgets)).ReadJsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_reference_is_used_once_by_each_user()
    {
        var client = await api.CreateWriterAsync();
        await CreateAsync(client, 1);
        await CreateAsync(await api.CreateWriterAsync(), 1);

        var again = await client.PostAsJsonAsync(Gadgets, new { reference = Reference(1), quantity = 1 });

        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Version_1_shows_the_same_gadgets_in_its_own_form()
    {
        var client = await api.CreateWriterAsync();
        var gadget = await CreateAsync(client, 1);
        await MoveAsync(client, gadget, "SecondState");
        await MoveAsync(client, gadget, "LastState");
        var other = await client.PostAsJsonAsync("/api/v1/gadgets", new { reference = Reference(2), quantity = 2 });

        var list = await (await client.GetAsync("/api/v1/gadgets")).ReadJsonAsync();

        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
        Assert.Equal([false, true], list.EnumerateArray().Select(item => item.GetProperty("open").GetBoolean()));
    }

    [Fact]
    public async Task An_attachment_is_replaced_and_removed_until_the_gadget_is_final()
    {
        var client = await api.CreateWriterAsync();
        var gadget = await CreateAsync(client, 1);

        Assert.Equal(HttpStatusCode.NoContent, (await AttachAsync(client, gadget, [.. Pdf, 1])).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await AttachAsync(client, gadget, Pdf)).StatusCode);
        Assert.Equal(Pdf, await client.GetByteArrayAsync($"{gadget}/attachment"));
        await MoveAsync(client, gadget, "SecondState");
        await MoveAsync(client, gadget, "LastState");

        await (await client.DeleteAsync($"{gadget}/attachment")).ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_size_and_the_content_of_an_attachment_are_checked()
    {
        var client = await api.CreateWriterAsync();
        var gadget = await CreateAsync(client, 1);

        await (await AttachAsync(client, gadget, [])).ShouldRefuseAsync("file");
        await (await AttachAsync(client, gadget, [.. "<html>"u8])).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
        var large = await AttachAsync(client, gadget, [.. Pdf, .. new byte[%max kibibytes% * 1024]]);
        await large.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        await (await client.GetAsync($"{gadget}/attachment")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    private static string Reference(int number) => $"%prefix%-{number:D%digits%}";

    private static async Task<string> CreateAsync(HttpClient client, int number)
    {
        var response = await client.PostAsJsonAsync(Gadgets, new { reference = Reference(number), quantity = 1 });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    private static Task<HttpResponseMessage> MoveAsync(HttpClient client, string gadget, string status) =>
        client.PutAsJsonAsync($"{gadget}/status", new { status });

    private static async Task<string[]> HistoryAsync(HttpClient client, string gadget)
    {
        var history = await (await client.GetAsync($"{gadget}/history")).ReadJsonAsync();
        return [.. history.EnumerateArray().Select(move => move.GetProperty("to").GetString()!)];
    }

    private static async Task<HttpResponseMessage> AttachAsync(HttpClient client, string gadget, byte[] content)
    {
        using var file = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/pdf") } };
        using var form = new MultipartFormDataContent { { file, "file", "file.pdf" } };
        return await client.PutAsync($"{gadget}/attachment", form);
    }
}
