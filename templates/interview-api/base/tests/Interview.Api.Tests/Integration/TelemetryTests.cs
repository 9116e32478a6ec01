using System.Diagnostics;
using InterviewApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace InterviewApi.Tests.Integration;

/// <summary>What the application exports over OTLP, and that it exports nothing without an endpoint.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const string ParentId = "b7ad6b7169203331";

    // Spans of all applications in this process are exported. The id tells those of this test apart.
    private readonly string _traceId = ActivityTraceId.CreateRandom().ToHexString();

    private OtlpReceiver _receiver = null!;
    private ApiFactory _api = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _api = _receiver.CreateApi();
        await _api.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Without_an_endpoint_there_is_no_exporter()
    {
        await using var api = new ApiFactory();

        Assert.Null(api.Services.GetService<TracerProvider>());
        Assert.Null(api.Services.GetService<MeterProvider>());
        Assert.Null(api.Services.GetService<LoggerProvider>());
    }

    [Fact]
    public async Task A_request_is_a_span_of_the_callers_trace_with_the_request_id()
    {
        await SendAsync("/unknown");

        var span = Assert.Single(await _receiver.WaitForTraceAsync(_traceId));
        Assert.Equal(ParentId, span.ParentId);
        Assert.Contains("order-4711", span.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_line_has_the_ids_of_its_request()
    {
        await SendAsync("/unknown");

        var log = await _receiver.WaitForLogAsync("answered 404");
        Assert.Equal(_traceId, log.Hex(9));
        Assert.True(log.Contains("order-4711"));
    }

    [Fact]
    public async Task Health_checks_are_neither_traced_nor_measured()
    {
        await SendAsync("/health/live");
        await SendAsync("/unknown");

        Assert.Single(await _receiver.WaitForTraceAsync(_traceId));
        await _receiver.WaitForMetricsAsync("http.server.request.duration");
        Assert.DoesNotContain(_receiver.Metrics("http.server.request.duration"), metric => metric.Contains("/health"));
    }

    [Fact]
    public async Task A_query_is_exported_nowhere()
    {
        await SendAsync("/unknown?access_token=secret-4711&q=secret-4711");

        await _receiver.WaitForLogAsync("answered 404");
        await _receiver.WaitForTraceAsync(_traceId);
        await _receiver.WaitForMetricsAsync("http.server.request.duration");
        Assert.DoesNotContain(_receiver.Everything, message => message.Contains("secret-4711"));
        Assert.DoesNotContain(_receiver.Everything, message => message.Contains("access_token="));
    }

    [Fact]
    public async Task The_service_has_a_name_a_version_and_an_instance()
    {
        await SendAsync("/unknown");
        await _receiver.WaitForTraceAsync(_traceId);

        Assert.All(
            ["service.name", "service.version", "service.instance.id"],
            name => Assert.All(_receiver.Everything, message => Assert.True(message.Contains(name))));
    }

    [Fact]
    public async Task The_process_is_measured()
    {
        await SendAsync("/unknown");

        await _receiver.WaitForMetricsAsync(
            "http.server.request.duration",
            "http.server.active_requests",
            "dotnet.thread_pool.queue.length",
            "dotnet.gc.pause.time",
            "dotnet.process.cpu.time",
            "dotnet.process.memory.working_set",
            "dotnet.exceptions");
    }

    private Task<HttpResponseMessage> SendAsync(string path) => _api.CreateClient().SendAsync(new HttpRequestMessage(HttpMethod.Get, path)
        .With("X-Request-ID", "order-4711")
        .With("traceparent", $"00-{_traceId}-{ParentId}-01"));
}
