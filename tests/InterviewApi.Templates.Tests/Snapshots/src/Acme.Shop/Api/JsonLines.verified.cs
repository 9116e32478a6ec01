using System.Buffers;
using System.Reflection;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Acme.Shop.Api;

/// <summary>Streams one JSON document per line (NDJSON), no faster than the client reads.</summary>
public sealed class JsonLines<T>(IAsyncEnumerable<T> lines, string fileName) : IResult, IEndpointMetadataProvider
{
    private const string ContentType = "application/x-ndjson";
    private const int FlushThreshold = 32 * 1024;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [ContentType]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var cancellationToken = httpContext.RequestAborted;
        var body = httpContext.Response.BodyWriter;
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        if (httpContext.Response.Body == Stream.Null)
        {
            // HEAD needs no data from the database.
            return;
        }

        await using var json = new Utf8JsonWriter(body);

        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            JsonSerializer.Serialize(json, line, options);
            json.Reset();
            body.Write("\n"u8);
            if (body.UnflushedBytes >= FlushThreshold)
            {
                await body.FlushAsync(cancellationToken);
            }
        }
    }
}

/// <summary>Maps the endpoint that exports a whole collection.</summary>
public static class ExportEndpoints
{
    public static void MapExport(this RouteGroupBuilder collection, Delegate handler)
    {
        var export = collection.MapGet("/export", handler).DisableRequestTimeout();
@@ rate-limiting=true
        export.RequireRateLimiting("upload");
@@ always
    }
}
