using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Acme.Shop.Tests.Support;

/// <summary>An OpenAPI document, and the requests that it describes.</summary>
public sealed class ApiDocument(JsonObject document)
{
    private static readonly byte[] Image = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2, 3];

    public IEnumerable<ApiOperation> Operations =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new ApiOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    public static async Task<ApiDocument> ReadAsync(HttpClient client, string version) =>
        new(JsonNode.Parse(await client.GetStringAsync($"/openapi/{version}.json"))!.AsObject());

    /// <summary>The schema itself, where a reference names it.</summary>
    public JsonObject Resolve(JsonNode schema)
    {
        // A schema or null, which is how a component that may be null is written.
        if (schema["oneOf"] is JsonArray { Count: 2 } alternatives && alternatives[0]!["type"]?.ToString() == "null")
        {
            var nullable = Resolve(alternatives[1]!).DeepClone().AsObject();
            nullable["type"] = new JsonArray("null", nullable["type"]!.GetValue<string>());
            return nullable;
        }

        return schema["$ref"]?.GetValue<string>() is { } reference
            ? Resolve(document["components"]!["schemas"]![reference.Split('/')[^1]]!)
            : schema.AsObject();
    }

    /// <summary>The value that the examples of a schema make; null if one is missing.</summary>
    public JsonNode? ExampleOf(JsonNode schema)
    {
        var resolved = Resolve(schema);
        if (resolved["properties"] is not JsonObject properties)
        {
            return (resolved["examples"]?[0] ?? resolved["enum"]?[0] ?? resolved["default"])?.DeepClone();
        }

        var example = new JsonObject();
        foreach (var (name, property) in properties)
        {
            if (ExampleOf(property!) is { } value)
            {
                example[name] = value;
            }
        }

        return IsComplete(resolved, example) ? example : null;
    }

    /// <summary>
    /// Whether a client that may write can succeed with the examples. A form has none, because it signs in with what only
    /// a registered user has; nor has a secret.
    /// </summary>
    public bool CanTry(ApiOperation operation) =>
        !operation.HasForm
        && !operation.NeedsService
        && !operation.NeedsRole
        && HasExamples(operation)
        && (!operation.HasJsonBody || ExampleOf(operation.Body!.First().Value!["schema"]!) is not null);

    /// <summary>Whether there is an example for each parameter that the query must have, except for one.</summary>
    public bool HasExamples(ApiOperation operation, string? except = null) =>
        operation.RequiredQueryParameters.All(
            parameter => parameter["name"]!.ToString() == except || ExampleOf(parameter["schema"]!) is not null);

    /// <summary>A query with the examples of the parameters that it must have, or with another value for one parameter.</summary>
    public string QueryOf(ApiOperation operation, string? changed = null, string value = "")
    {
        var query = operation.RequiredQueryParameters.Where(parameter => parameter["name"]!.ToString() != changed)
            .ToDictionary(parameter => parameter["name"]!.ToString(), parameter => ExampleOf(parameter["schema"]!)?.ToString());
        if (changed is not null)
        {
            query[changed] = value;
        }

        return QueryHelpers.AddQueryString("", query);
    }

    /// <summary>Sends an operation with a body, or with what its examples make of one.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpClient client, ApiOperation operation, string address, JsonNode? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), address + QueryOf(operation));
        if (operation.Body is { } content)
        {
            var (type, media) = content.First();
            request.Content = type == "multipart/form-data"
                ? FormOf(Resolve(media!["schema"]!))
                : new StringContent((body ?? RequireExample(operation, media!["schema"]!)).ToJsonString(), Encoding.UTF8, type);
        }

        return await client.SendAsync(request);
    }

    /// <summary>The address of an operation, with a new resource for each parameter in its path.</summary>
    public async Task<string> CreateAddressAsync(HttpClient client, ApiOperation operation)
    {
        var address = "";
        var path = "";
        foreach (var segment in operation.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment.StartsWith('{'))
            {
                var create = Operations.SingleOrDefault(other => other.Method == "POST" && other.Path == path);
                address = create is null
                    ? $"{address}/{await FindIdAsync(client, path, address)}"
                    : await CreateAsync(client, create, address);
            }
            else
            {
                address += "/" + segment;
            }

            path += "/" + segment;
        }

        // A resource that is put in place, such as an image, has to be there before it is read or deleted.
        if (operation.Method != "PUT" && Operations.FirstOrDefault(other => other.Method == "PUT" && other.Path == path) is { } put)
        {
            (await SendAsync(client, put, address)).EnsureSuccessStatusCode();
        }

        return address;
    }

    /// <summary>Where a response differs from its schema: the type, null, a member that is missing or not documented.</summary>
    public IEnumerable<string> MismatchesOf(JsonNode schema, JsonNode? value, string path = "$")
    {
        if (schema["oneOf"] is JsonArray alternatives)
        {
            schema = alternatives.Single(alternative => (alternative!["type"]?.ToString() == "null") == value is null)!;
        }

        var resolved = Resolve(schema);
        var type = value?.GetValueKind() switch
        {
            null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number when !value.ToJsonString().Contains('.', StringComparison.Ordinal) => "integer",
            { } kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()),
        };
        var allowed = resolved["type"]?.ToJsonString() ?? "";
        if (!allowed.Contains($"\"{type}\"", StringComparison.Ordinal)
            && !(type == "integer" && allowed.Contains("\"number\"", StringComparison.Ordinal)))
        {
            return [$"{path} is {type}, and not {allowed}"];
        }

        return value switch
        {
            JsonArray items => items.SelectMany((item, index) => MismatchesOf(resolved["items"]!, item, $"{path}[{index}]")),
            JsonObject members when resolved["properties"] is JsonObject properties =>
                members.Where(member => !properties.ContainsKey(member.Key)).Select(member => $"{path}.{member.Key} is not documented")
                .Concat(
                    properties.Where(property => !members.ContainsKey(property.Key))
                    .Select(property => $"{path}.{property.Key} is missing"))
                .Concat(members.Where(member => properties.ContainsKey(member.Key))
                    .SelectMany(member => MismatchesOf(properties[member.Key]!, member.Value, $"{path}.{member.Key}"))),
            _ => [],
        };
    }

    // What no client creates is in the list of the client, or has a row with this id.
    private JsonNode RequireExample(ApiOperation operation, JsonNode schema) => ExampleOf(schema)
        ?? throw new InvalidOperationException($"{operation.Method} {operation.Path}: A member of the body has no <example>.");

    private async Task<string> FindIdAsync(HttpClient client, string path, string address)
    {
        if (Operations.FirstOrDefault(other => other.Method == "GET" && other.Path == path && CanTry(other)) is not { } list)
        {
            return "1";
        }

        var response = await SendAsync(client, list, address);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync()) is JsonArray { Count: > 0 } items ? $"{items[0]!["id"]}" : "1";
    }

    private async Task<string> CreateAsync(HttpClient client, ApiOperation create, string address)
    {
        var created = await SendAsync(client, create, address);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.ToString();
    }

    private static bool IsComplete(JsonObject schema, JsonObject example) =>
        schema["required"] is not JsonArray required || required.All(name => example.ContainsKey(name!.GetValue<string>()));

    private MultipartFormDataContent FormOf(JsonObject schema)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            var field = Resolve(property!);
            var item = field["items"] is { } items ? Resolve(items) : field;
            if (item["format"]?.GetValue<string>() == "binary")
            {
                var file = new ByteArrayContent(Image);
                file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
                form.Add(file, name, "example.png");
            }
            else if (ExampleOf(field) is { } value)
            {
                form.Add(new StringContent(value.ToString()), name);
            }
        }

        return form;
    }
}

/// <summary>One operation of an OpenAPI document.</summary>
public sealed record ApiOperation(string Method, string Path, JsonObject Definition)
{
    /// <value>The schemas of the body by content type; null without a body.</value>
    public JsonObject? Body => Definition["requestBody"]?["content"]?.AsObject();

    public bool HasJsonBody => Body is { } body && body.First().Key.EndsWith("json", StringComparison.Ordinal);

    public bool HasForm => Body is { } body && body.First().Key == "application/x-www-form-urlencoded";

    /// <value>Whether it needs more rights than to write.</value>
    public bool NeedsRole => Definition["responses"]!["403"] is not null;

    /// <value>Whether it is not implemented until a setting names another service.</value>
    public bool NeedsService => Definition["responses"]!["501"] is not null;

    public IEnumerable<JsonObject> QueryParameters =>
        (Definition["parameters"] as JsonArray ?? []).OfType<JsonObject>()
        .Where(parameter => parameter["in"]!.GetValue<string>() == "query");

    public IEnumerable<JsonObject> RequiredQueryParameters =>
        QueryParameters.Where(parameter => parameter["required"]?.GetValue<bool>() == true);

    public override string ToString() => $"{Method} {Path}";
}
