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
    public const int MaxAttachment = %max kibibytes% * 1024;
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

/// <summary>Requests of one user, with random data.</summary>
public sealed class User(CheckRun run, string? token)
{
    public const string Gadgets = "/api/v2/gadgets";
    public const string OldGadgets = "/api/v1/gadgets";

    public static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. Encoding.ASCII.GetBytes(Data.Text(50))];
    public static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Encoding.ASCII.GetBytes(Data.Text(50))];

    public string Token => token ?? "";

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

    /// <summary>The same gadget in version 1.</summary>
    public static string Old(string path) => OldGadgets + path[path.LastIndexOf('/')..];

    public Task<Answer> GetAsync(string path) => run.SendAsync(HttpMethod.Get, path, token: token);

    public Task<Answer> PostAsync(string path, JsonNode? body) => run.SendAsync(HttpMethod.Post, path, body, token);

    public Task<Answer> SendAsync(HttpMethod method, string path, string json) =>
        run.SendAsync(method, path, new StringContent(json, Encoding.UTF8, "application/json"), token);

    public Task<Answer> DeleteAsync(string path) => run.SendAsync(HttpMethod.Delete, path, token: token);

    /// <summary>Asks for a status.</summary>
    public Task<Answer> MoveAsync(string path, string status) =>
        run.SendAsync(HttpMethod.Put, $"{path}/status", new JsonObject { ["status"] = status }, token);

    /// <summary>Sends a file as the attachment.</summary>
    public async Task<Answer> AttachAsync(string path, byte[] content, string type = "application/pdf", string name = "file.pdf")
    {
        using var file = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var form = new MultipartFormDataContent { { file, "file", name } };
        return await run.SendAsync(HttpMethod.Put, $"{path}/attachment", form, token);
    }

    /// <summary>Creates %a gadget% that a check needs, and moves it.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> NewGadgetAsync(string? reference = null, params string[] states)
    {
        var answer = await PostAsync(Gadgets, Gadget(reference));
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

    /// <summary>The moves of the status, each as from and to.</summary>
    public async Task<string[]> HistoryAsync(string path)
    {
        var answer = await GetAsync($"{path}/history");
        return answer.Status == HttpStatusCode.OK && answer.Json is JsonArray moves
            ? [.. moves.Select(move => $"{move?["from"]} {move?["to"]}")]
            : throw Findings.Impossible($"{answer.Request}: the history is needed, and the status is {(int)answer.Status}");
    }

    /// <summary>The references of a page, in their order, and the cursor of the next page.</summary>
    public async Task<(string[] References, string? Next)> ListAsync(string query = "")
    {
        var answer = await GetAsync(Gadgets + query);
        return answer.Status == HttpStatusCode.OK && answer.Json is JsonObject page && page["items"] is JsonArray items
            ? ([.. items.Select(item => item?["reference"]?.ToString() ?? "")], page["nextCursor"]?.ToString())
            : throw Findings.Impossible($"{answer.Request}: a page with items is needed, and the status is {(int)answer.Status}");
    }
}
