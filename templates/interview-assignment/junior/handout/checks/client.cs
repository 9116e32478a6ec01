using System.Net;
using System.Text.Json.Nodes;

/// <summary>The limits that the assignment draws.</summary>
public static class Limits
{
    public const int MaxName = %max name%;
    public const int MaxQuantity = %max quantity%;
    public const int MaxNote = %max note%;
    public const int DefaultPageSize = %default page size%;
    public const int MaxPageSize = %max page size%;
}

/// <summary>Requests for keepers and their gadgets, with random data.</summary>
public sealed class Client(CheckRun run)
{
    private const string Keepers = "/api/v2/keepers";

    public static JsonObject Gadget(string? reference = null) => new()
    {
        ["reference"] = reference ?? Data.Reference(),
        ["quantity"] = Random.Shared.Next(1, Limits.MaxQuantity + 1),
        ["note"] = Data.Text(10),
    };

    /// <summary>%A gadget% as it is replaced.</summary>
    public static JsonObject Gadget(string status, string? reference)
    {
        var gadget = Gadget(reference);
        gadget["status"] = status;
        return gadget;
    }

    public Task<Answer> GetAsync(string path) => run.SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, JsonNode? body) => run.SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, JsonNode? body) => run.SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path) => run.SendAsync(HttpMethod.Delete, path);

    public Task<Answer> CreateKeeperAsync(string name) => PostAsync(Keepers, new JsonObject { ["name"] = name });

    /// <summary>Creates a keeper that a check needs.</summary>
    /// <returns>The path of its gadgets.</returns>
    public async Task<string> NewKeeperAsync()
    {
        var answer = await CreateKeeperAsync(Data.Text(Random.Shared.Next(5, 20)));
        return answer.Succeeded && answer.Member("id") is { Length: > 0 } id
            ? $"{Keepers}/{id}/gadgets"
            : throw Findings.Impossible($"{answer.Request}: a keeper is needed, and the status is {(int)answer.Status}");
    }

    /// <summary>Creates %a gadget% that a check needs.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> NewGadgetAsync(string gadgets, string? reference = null)
    {
        var answer = await PostAsync(gadgets, Gadget(reference));
        return answer.Succeeded && answer.Member("id") is { Length: > 0 } id
            ? $"{gadgets}/{id}"
            : throw Findings.Impossible($"{answer.Request}: %a gadget% is needed, and the status is {(int)answer.Status}");
    }

    /// <summary>Creates %a gadget% and brings it into a state.</summary>
    public async Task<string> NewGadgetAsync(string gadgets, string reference, string status)
    {
        var path = await NewGadgetAsync(gadgets, reference);
        var answer = await PutAsync(path, Gadget(status, reference));
        return answer.Succeeded
            ? path
            : throw Findings.Impossible($"{answer.Request}: {status} is needed, and the response is {(int)answer.Status}");
    }

    /// <summary>The references of a page, in their order.</summary>
    public async Task<string[]> ListAsync(string path)
    {
        var answer = await GetAsync(path);
        return answer.Status == HttpStatusCode.OK && (answer.Json as JsonObject)?["items"] is JsonArray items
            ? [.. items.Select(item => item?["reference"]?.ToString() ?? "")]
            : throw Findings.Impossible($"{answer.Request}: a page with items is needed, and the status is {(int)answer.Status}");
    }
}
