#if (CanWrite)
using System.Globalization;
#endif
using System.Net;
#if (CanWrite)
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using InterviewApi.Core.Http;
#endif
#if (TestsUseModels)
using InterviewApi.Models;
#endif
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class OrderLineTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string OrderLines = "/api/v2/order-lines";

#if (CanWrite)
    [Fact]
    public async Task What_is_created_can_be_read()
    {
        var client = await api.CreateWriterAsync();
        var example = JsonSerializer.SerializeToElement(%example%, JsonSerializerOptions.Web);

        var response = await client.PostAsJsonAsync(OrderLines, example);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var created = await response.ReadJsonAsync();
        Assert.Equal($"{OrderLines}/{created.GetProperty("id").GetInt64()}", response.Headers.Location!.ToString());
        Assert.All(
            example.EnumerateObject(),
            field => Assert.Equal(field.Value.GetRawText(), created.GetProperty(field.Name).GetRawText()));
        var read = await client.GetAsync(response.Headers.Location);
        Assert.Equal(response.Headers.ETag, read.Headers.ETag);
        Assert.Equal(created.GetRawText(), (await read.ReadJsonAsync()).GetRawText());
    }

    [Fact]
    public async Task It_can_be_replaced_patched_and_deleted()
    {
        var client = await api.CreateWriterAsync();
        var address = await CreateAsync(client);

        var replaced = await client.PutAsJsonAsync(address, %example%);
        var patched = await client.PatchAsJsonAsync(address, %example%);
        var deleted = await client.DeleteAsync(address);

        Assert.Equal(2, (await replaced.ReadJsonAsync()).GetProperty("version").GetInt32());
        Assert.Equal(3, (await patched.ReadJsonAsync()).GetProperty("version").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await (await client.GetAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.DeleteAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_list_has_pages()
    {
        var client = await api.CreateWriterAsync();
        var first = IdOf(await CreateAsync(client));
        var second = IdOf(await CreateAsync(client));

        var page = await (await client.GetAsync($"{OrderLines}?limit=1&cursor={PageCursor.Encode(first - 1)}")).ReadJsonAsync();
        var next = await (await client.GetAsync($"{OrderLines}?limit=1&cursor={page.GetProperty("nextCursor")}")).ReadJsonAsync();

        Assert.Equal(first, Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("id").GetInt64());
        Assert.InRange(Assert.Single(next.GetProperty("items").EnumerateArray()).GetProperty("id").GetInt64(), first + 1, second);
    }

    // ApiDocumentTests sends a wrong value for each field.
    [Theory]
#if (HasRequired)
    [InlineData("{}")]
#endif
    [InlineData("[]")]
    [InlineData("{")]
    public async Task A_wrong_body_is_refused(string body)
    {
        var client = await api.CreateWriterAsync();

        var response = await client.PostAsync(OrderLines, new StringContent(body, Encoding.UTF8, "application/json"));

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }
#if (HasDateTime)

    [Theory]
%times%
    public async Task A_time_has_an_offset_and_is_stored_in_UTC(string field)
    {
        var client = await api.CreateWriterAsync();
        var name = JsonNamingPolicy.CamelCase.ConvertName(field);
        var example = JsonSerializer.SerializeToNode(%example%, JsonSerializerOptions.Web)!;

        example[name] = "2030-01-31T15:30:00.1234567+02:00";
        var created = await client.PostAsJsonAsync(OrderLines, example);
        var read = await (await client.GetAsync(created.Headers.Location)).ReadJsonAsync();
        example[name] = "2030-01-31T15:30:00";
        var replaced = await client.PutAsJsonAsync(created.Headers.Location, example);
        var patched = await client.PatchAsJsonAsync(created.Headers.Location, example);

        Assert.Equal("2030-01-31T13:30:00.123456+00:00", read.GetProperty(name).GetString());
        Assert.Equal(read.GetRawText(), (await created.ReadJsonAsync()).GetRawText());
        await replaced.ShouldRefuseAsync(name);
        await patched.ShouldRefuseAsync(name);
        Assert.Contains("offset from UTC", await patched.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
#endif
#if (HasReference)

    [Fact]
    public async Task A_reference_to_nothing_is_a_conflict()
    {
        var client = await api.CreateWriterAsync();
        var example = JsonSerializer.SerializeToNode(%example%)!;
%broken references%

        await (await client.PostAsJsonAsync(OrderLines, example)).ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }
#endif

    [Fact]
    public async Task An_unchanged_version_is_not_sent_again()
    {
        var client = await api.CreateWriterAsync();
        var address = await CreateAsync(client);

        var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).With("If-None-Match", "\"1\""));

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task Of_many_changes_of_one_version_one_is_made()
    {
        var client = await api.CreateWriterAsync();
        var address = await CreateAsync(client);
        var example = %example%;

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.SendAsync(
            new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(example) }.With("If-Match", "\"1\""))));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        Assert.Equal(9, responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed));
    }
#if (IsOwned)

    [Fact]
    public async Task It_belongs_to_the_user_who_created_it()
    {
        var address = await CreateAsync(await api.CreateWriterAsync());
        var other = await api.CreateWriterAsync();

        await (await other.GetAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await other.PutAsJsonAsync(address, %example%)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await other.PatchAsJsonAsync(address, %example%)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await other.DeleteAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Empty((await (await other.GetAsync(OrderLines)).ReadJsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.CreateClient().GetAsync(OrderLines)).StatusCode);
    }
#endif
#if (IsInBothVersions)

    [Fact]
    public async Task Both_versions_show_the_same()
    {
        var client = await api.CreateWriterAsync();
        var address = await CreateAsync(client);

        var old = await (await client.GetAsync(address.Replace("/v2/", "/v1/", StringComparison.Ordinal))).ReadJsonAsync();

        Assert.Equal(old.GetRawText(), (await (await client.GetAsync(address)).ReadJsonAsync()).GetRawText());
    }
#endif

    private %static%async Task<string> CreateAsync(HttpClient client)
    {
        var response = await client.PostAsJsonAsync(OrderLines, %example%);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    private static long IdOf(string address) =>
        long.Parse(address[(address.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);

#if (HasReference)
    private async Task<object> ExampleAsync() => new
    {
%examples%
    };
#else
    private static object Example() => new
    {
%examples%
    };
#endif
#else
    [Fact]
    public async Task What_is_stored_can_be_read()
    {
        var client = api.CreateClient();
        var id = await api.AddAsync<OrderLine>();

        var response = await client.GetAsync($"{OrderLines}/{id}");
        var page = await (await client.GetAsync(OrderLines)).ReadJsonAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("\"1\"", response.Headers.ETag!.Tag);
        Assert.Contains(page.GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetInt64() == id);
    }

    [Theory]
    [InlineData("POST", OrderLines)]
    [InlineData("DELETE", OrderLines + "/1")]
    public async Task It_cannot_be_changed(string method, string address)
    {
        var client = await api.CreateWriterAsync();

        var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), address));

        await response.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await (await api.CreateClient().GetAsync($"{OrderLines}/999999999")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }
#endif
}
