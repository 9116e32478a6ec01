using System.Net;
using System.Net.Http.Json;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

public sealed class GadgetTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Pages_follow_the_reference_and_the_filter()
    {
        var client = api.CreateClient();
        var gadgets = await CreateKeeperAsync(client);
        await CreateAsync(client, gadgets, 2);
        await CreateAsync(client, gadgets, 1);

        var page = await (await client.GetAsync($"{gadgets}?page=2&pageSize=1&status=FirstState")).ReadJsonAsync();

        Assert.Equal(2, page.GetProperty("total").GetInt32());
        Assert.Equal(Reference(2), Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("reference").GetString());
    }

    [Fact]
    public async Task A_reference_is_used_once_by_each_keeper()
    {
        var client = api.CreateClient();
        var gadgets = await CreateKeeperAsync(client);

        await CreateAsync(client, gadgets, 1);
        await CreateAsync(client, await CreateKeeperAsync(client), 1);
        var again = await client.PostAsJsonAsync(gadgets, new { reference = Reference(1), quantity = 1 });

        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_last_state_is_final()
    {
        var client = api.CreateClient();
        var gadget = await CreateAsync(client, await CreateKeeperAsync(client), 1);
        var last = new { reference = Reference(1), quantity = 2, status = "LastState" };

        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync(gadget, last)).StatusCode);
        await (await client.PutAsJsonAsync(gadget, last)).ShouldBeProblemAsync(HttpStatusCode.Conflict);
        await (await client.DeleteAsync(gadget)).ShouldBeProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_belongs_to_another_keeper_is_not_found()
    {
        var client = api.CreateClient();
        var gadget = await CreateAsync(client, await CreateKeeperAsync(client), 1);
        var other = await CreateKeeperAsync(client);

        await (await client.GetAsync(other + gadget[gadget.LastIndexOf('/')..])).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_missing_keeper_has_no_gadgets()
    {
        var client = api.CreateClient();

        await (await client.GetAsync("/api/v2/keepers/999999999/gadgets")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    private static string Reference(int number) => $"%prefix%-{number:D%digits%}";

    private static async Task<string> CreateKeeperAsync(HttpClient client)
    {
        var response = await client.PostAsJsonAsync("/api/v2/keepers", new { name = "Example" });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return $"{response.Headers.Location}/gadgets";
    }

    private static async Task<string> CreateAsync(HttpClient client, string gadgets, int number)
    {
        var response = await client.PostAsJsonAsync(gadgets, new { reference = Reference(number), quantity = 1 });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.ToString();
    }
}
