using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

/// <summary>The limits that the assignment draws.</summary>
public static class Limits
{
    public const int MaxQuantity = %max quantity%;
    public const int MaxNote = %max note%;
    public const int DefaultPageSize = %default page size%;
    public const int MaxPageSize = %max page size%;
}

/// <summary>The users of one run. A password is slow to check by design, so most checks share two users.</summary>
public sealed class Users(CheckRun run)
{
    private readonly Lazy<Task<User>> _first = new(() => User.SignUpAsync(run));
    private readonly Lazy<Task<User>> _second = new(() => User.SignUpAsync(run));

    public Task<User> FirstAsync() => _first.Value;

    public Task<User> SecondAsync() => _second.Value;

    /// <summary>A user without any gadget.</summary>
    public Task<User> NewAsync() => User.SignUpAsync(run);

    /// <summary>Requests with a token that somebody made, or with none.</summary>
    public User Stranger(string? token = null) => new(run, token);
}

/// <summary>What the statistics of a user show.</summary>
public sealed record Statistics(long Created, long Quantity, long Finished);

/// <summary>Requests of one user to one instance, with random data.</summary>
/// <param name="address">The address of the instance; empty for the first one.</param>
public sealed class User(CheckRun run, string? token, string address = "")
{
    public const string Gadgets = "/api/v2/gadgets";

    // An import takes longer than any other request.
    private static readonly HttpClient Importer = new() { Timeout = TimeSpan.FromMinutes(2) };

    public string Token => token ?? "";

    /// <summary>The same user at the second instance.</summary>
    public User AtSecond() => new(run, token, run.Addresses[1].ToString().TrimEnd('/'));

    /// <summary>The same user, at the first or the second instance in turn.</summary>
    public User At(int index) => index % 2 == 0 ? this : AtSecond();

    public static async Task<User> SignUpAsync(CheckRun run)
    {
        var (name, password) = (Data.Text(16), Data.Text(20));
        var account = new JsonObject { ["username"] = name, ["email"] = $"{name}@example.com", ["password"] = password };
        await run.SendAsync(HttpMethod.Post, "/api/v2/auth/register", account);
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = name, ["password"] = password });
        var answer = await run.SendAsync(HttpMethod.Post, "/api/v2/auth/token", form);
        return answer.Member("access_token") is { Length: > 0 } token
            ? new User(run, token)
            : throw Findings.Impossible($"{answer.Request}: a new user cannot sign in, and the status is {(int)answer.Status}");
    }

    public static JsonObject Gadget(string? reference = null) => new()
    {
        ["reference"] = reference ?? Data.Reference(),
        ["quantity"] = Random.Shared.Next(1, Limits.MaxQuantity + 1),
        ["note"] = Data.Text(10),
    };

    public static string NewKey() => Guid.NewGuid().ToString();

    public Task<Answer> GetAsync(string path) => run.SendAsync(HttpMethod.Get, address + path, token: token);

    public Task<Answer> SendAsync(HttpMethod method, string path, string json) =>
        run.SendAsync(method, address + path, new StringContent(json, Encoding.UTF8, "application/json"), token);

    /// <param name="key">The idempotency key, if the request has one.</param>
    public Task<Answer> CreateAsync(JsonNode gadget, string? key = null)
    {
        var content = new StringContent(gadget.ToJsonString(), Encoding.UTF8, "application/json");
        if (key is not null)
        {
            content.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return run.SendAsync(HttpMethod.Post, address + Gadgets, content, token);
    }

    /// <summary>Asks for a status.</summary>
    public Task<Answer> MoveAsync(string path, string status) =>
        run.SendAsync(HttpMethod.Put, $"{address}{path}/status", new JsonObject { ["status"] = status }, token);

    /// <summary>Sends lines as an import.</summary>
    public Task<Answer> ImportAsync(IEnumerable<string> lines, string type = "application/x-ndjson") =>
        ImportAsync(new StringContent(string.Join('\n', lines), Encoding.UTF8), type);

    public async Task<Answer> ImportAsync(HttpContent content, string type = "application/x-ndjson")
    {
        var origin = address.Length > 0 ? address : run.Http.BaseAddress!.ToString().TrimEnd('/');
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{origin}{Gadgets}/import") { Content = content };
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await Importer.SendAsync(request);
        return new(
            $"POST {Gadgets}/import", response.StatusCode, response.Content.Headers.ContentType?.MediaType, null,
            await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Creates %a gadget% that a check needs, and moves it.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> NewGadgetAsync(string? reference = null, params string[] states)
    {
        var answer = await CreateAsync(Gadget(reference));
        var path = answer.Succeeded && answer.Member("id") is { Length: > 0 } id
            ? $"{Gadgets}/{id}"
            : throw Findings.Impossible($"{answer.Request}: %a gadget% is needed, and the status is {(int)answer.Status}");
        foreach (var state in states)
        {
            answer = await MoveAsync(path, state);
            if (!answer.Succeeded)
            {
                throw Findings.Impossible($"{answer.Request}: {state} is needed, and the response is {(int)answer.Status}");
            }
        }

        return path;
    }

    /// <summary>The references of a page, in their order, and the cursor of the next page.</summary>
    public async Task<(string[] References, string? Next)> ListAsync(string query = "")
    {
        var answer = await GetAsync(Gadgets + query);
        return answer.Status == HttpStatusCode.OK && answer.Json is JsonObject page && page["items"] is JsonArray items
            ? ([.. items.Select(item => item?["reference"]?.ToString() ?? "")], page["nextCursor"]?.ToString())
            : throw Findings.Impossible($"{answer.Request}: a page with items is needed, and the status is {(int)answer.Status}");
    }

    public async Task<Statistics> StatisticsAsync()
    {
        var answer = await GetAsync($"{Gadgets}/statistics");
        return answer.Status == HttpStatusCode.OK && answer.Json is JsonObject numbers
            ? new(NumberOf(numbers["created"]), NumberOf(numbers["quantity"]), NumberOf(numbers["finished"]))
            : throw Findings.Impossible($"{answer.Request}: the statistics are needed, and the status is {(int)answer.Status}");
    }

    /// <summary>Waits until the statistics have counted so much, and then a moment for what is counted too often.</summary>
    public async Task<Statistics> StatisticsAsync(long created, long finished = 0, int seconds = 15)
    {
        var watch = Stopwatch.StartNew();
        var statistics = await StatisticsAsync();
        while ((statistics.Created < created || statistics.Finished < finished) && watch.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            await Task.Delay(100);
            statistics = await StatisticsAsync();
        }

        await Task.Delay(250);
        return await StatisticsAsync();
    }

    private static long NumberOf(JsonNode? value) => long.TryParse(value?.ToString(), out var number) ? number : -1;
}
