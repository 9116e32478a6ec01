using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Acme.Shop.Tests.Support;

/// <summary>An exchange rate service on a free port, which answers as a test wants.</summary>
public sealed class RateServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Address, string Trace)> _requests = [];

    private RateServer(WebApplication server) => _server = server;

    public RequestDelegate Answer { get; set; } = Rates("""{"amount":1.0,"base":"USD","rates":{"EUR":0.5}}""");

    /// <value>The addresses that were asked for, and the <c>traceparent</c> of each request.</value>
    public IReadOnlyCollection<(string Address, string Trace)> Requests => _requests;

    public static RequestDelegate Rates(string body) => context => context.Response.WriteAsync(body);

    public static async Task<RateServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new RateServer(builder.Build());
        server._server.Run(context =>
        {
            var request = context.Request;
            server._requests.Enqueue(($"{request.Path}{request.QueryString}", request.Headers.TraceParent.ToString()));
            return server.Answer(context);
        });
        await server._server.StartAsync();
        return server;
    }

    /// <summary>Makes an application ask this service.</summary>
    public ApiFactory Serve(ApiFactory api, int timeoutSeconds = 10) => api
        .With("ExchangeRates:BaseUrl", $"{_server.Urls.Single()}/v1")
        .With("ExchangeRates:TimeoutSeconds", $"{timeoutSeconds}");

    public Task StopAsync() => _server.StopAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
