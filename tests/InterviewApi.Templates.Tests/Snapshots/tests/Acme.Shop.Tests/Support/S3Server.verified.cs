using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Acme.Shop.Tests.Support;

/// <summary>An S3-compatible service on a free port with one bucket, in memory. It checks the key and the hash of a body.</summary>
public sealed class S3Server : IAsyncDisposable
{
    private const string Bucket = "files";
    private const string AccessKey = "test-key";
    private const int PageSize = 2;

    private readonly WebApplication _server;
    private readonly SortedDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    private S3Server(WebApplication server) => _server = server;

    /// <value>The names of the objects, in alphabetical order.</value>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_objects)
            {
                return [.. _objects.Keys];
            }
        }
    }

    /// <value>How long each answer takes.</value>
    public TimeSpan Delay { get; set; }

    /// <value>The ranges that were read.</value>
    public ConcurrentQueue<string> Ranges { get; } = [];

    public static async Task<S3Server> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new S3Server(builder.Build());
        server._server.Run(server.AnswerAsync);
        await server._server.StartAsync();
        return server;
    }

    /// <summary>Makes an application store its files here.</summary>
    public ApiFactory Serve(ApiFactory api, string accessKey = AccessKey) => api
        .With("Storage:S3:ServiceUrl", _server.Urls.Single())
        .With("Storage:S3:Bucket", Bucket)
        .With("Storage:S3:AccessKey", accessKey)
        .With("Storage:S3:SecretKey", "test-secret")
        .With("Storage:S3:TimeoutSeconds", "1");

    public void Put(string name)
    {
        lock (_objects)
        {
            _objects[name] = [];
        }
    }

    public Task StopAsync() => _server.StopAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        await Task.Delay(Delay, context.RequestAborted);
        if (!request.Headers.Authorization.ToString().StartsWith($"AWS4-HMAC-SHA256 Credential={AccessKey}/", StringComparison.Ordinal))
        {
            await RefuseAsync(response, StatusCodes.Status403Forbidden, "InvalidAccessKeyId");
            return;
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var name = request.Path.Value![$"/{Bucket}".Length..].TrimStart('/');
        byte[]? content;
        lock (_objects)
        {
            content = _objects.GetValueOrDefault(name);
            if (request.Method == "PUT" && Convert.ToHexStringLower(SHA256.HashData(body.ToArray())) == request.Headers["x-amz-content-sha256"])
            {
                _objects[name] = body.ToArray();
            }
            else if (request.Method == "DELETE")
            {
                _objects.Remove(name);
            }
        }

        if (name.Length == 0)
        {
            await ListAsync(request, response);
        }
        else if (request.Method == "DELETE")
        {
            response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (request.Method is "GET" or "HEAD")
        {
            await SendAsync(request, response, content);
        }
    }

    private async Task SendAsync(HttpRequest request, HttpResponse response, byte[]? content)
    {
        if (content is null)
        {
            await RefuseAsync(response, StatusCodes.Status404NotFound, "NoSuchKey");
            return;
        }

        response.ContentLength = content.Length;
        if (RangeHeaderValue.TryParse(request.Headers.Range, out var range) && range.Ranges.Single() is { From: { } from, To: { } to })
        {
            Ranges.Enqueue(request.Headers.Range!);
            content = content[(int)from..((int)to + 1)];
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.ContentLength = content.Length;
        }

        if (request.Method == "GET")
        {
            await response.Body.WriteAsync(content);
        }
    }

    private async Task ListAsync(HttpRequest request, HttpResponse response)
    {
        var names = Names.Where(name => name.StartsWith(request.Query["prefix"]!, StringComparison.Ordinal)
            && string.CompareOrdinal(name, request.Query["continuation-token"]) > 0).ToArray();
        var page = names.Take(PageSize).ToArray();
        var hasNext = names.Length > PageSize;
        response.ContentType = "application/xml";
        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{Bucket}</Name><KeyCount>{page.Length}</KeyCount><IsTruncated>{(hasNext ? "true" : "false")}</IsTruncated>{(hasNext ? $"<NextContinuationToken>{page[^1]}</NextContinuationToken>" : "")}{string.Concat(page.Select(name => $"<Contents><Key>{name}</Key><Size>1</Size></Contents>"))}</ListBucketResult>
            """));
    }

    private static Task RefuseAsync(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        response.ContentType = "application/xml";
        return response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }
}
