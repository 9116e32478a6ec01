using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>What every generated API promises over HTTP and WebSocket, as far as its options go, asked from outside.</summary>
internal static class ApiContract
{
    private const int ImageLimit = 10 * 1024 * 1024;
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[4096]];

    public static async Task CheckAsync(ApiClient api, Combination combination)
    {
        await CheckSystemAsync(api);
        if (combination.Value("auth") == "jwt")
        {
            using var anonymous = await api.Http.GetAsync("/api/v1/users/me");
            Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
            await api.SignInAsync("contract");
            using var me = await api.Http.GetAsync("/api/v1/users/me");
            Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        }

        if (combination.Value("sample") != "none")
        {
            var id = await api.CreateProductAsync("Cup");
            await CheckProductAsync(api, id);
            if (combination.Value("sample") == "full")
            {
                await CheckImageAsync(api, id);
            }
        }

        if (combination.Value("websockets") == "true")
        {
            await CheckSocketAsync(api);
        }
    }

    private static async Task CheckSystemAsync(ApiClient api)
    {
        Assert.Contains("Healthy", await api.Http.GetStringAsync("/health/ready"), StringComparison.Ordinal);

        using var unknown = await api.Http.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("application/problem+json", unknown.Content.Headers.ContentType?.MediaType);
        Assert.True(unknown.Headers.Contains("X-Request-ID"));

        using var docs = await api.Http.GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.NotFound, docs.StatusCode);

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "example.com" } };
        using var refused = await api.Http.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static async Task CheckProductAsync(ApiClient api, long id)
    {
        var address = $"/api/v1/products/{id}";
        using var read = await api.Http.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.False(read.Headers.ETag!.IsWeak);

        using var known = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { read.Headers.ETag } } };
        using var unchanged = await api.Http.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var late = new HttpRequestMessage(HttpMethod.Put, address)
        {
            Content = JsonContent.Create(new { name = "Mug", price = 9m, category = "test" }),
        };
        late.Headers.IfMatch.Add(new EntityTagHeaderValue("\"another\""));
        using var refused = await api.Http.SendAsync(late);
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
    }

    private static async Task CheckImageAsync(ApiClient api, long id)
    {
        var address = $"/api/v1/products/{id}/image";
        using var uploaded = await api.Http.PutAsync(address, Form(Png));
        Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);

        // More often than there are instances: each of them has to find the file.
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(Png, await api.Http.GetByteArrayAsync(address));
        }

        using var large = await api.Http.PutAsync(address, Form([.. Png, .. new byte[ImageLimit]]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    private static async Task CheckSocketAsync(ApiClient api)
    {
        using var socket = await api.ConnectAsync();
        await socket.SubscribeAsync("lobby");
        await socket.SendAsync(new { action = "message", channel = "lobby", content = "hi" });
        var message = await socket.ReceiveAsync(message => message.GetProperty("type").GetString() == "message");
        Assert.Equal("hi", message.GetProperty("content").GetString());
        await socket.CloseAsync();
    }

    private static MultipartFormDataContent Form(byte[] image) => new() { { new ByteArrayContent(image), "file", "image.png" } };
}
