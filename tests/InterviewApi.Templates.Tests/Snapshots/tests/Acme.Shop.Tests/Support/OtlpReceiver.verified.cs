using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Acme.Shop.Tests.Support;

/// <summary>
/// Receives what an application exports over OTLP/HTTP, on a free port. Spans and metrics also come from the applications
/// of tests that run at the same time: the runtime has one set of listeners for a process.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _requests = [];

    private OtlpReceiver(WebApplication server) => _server = server;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._server.Run(receiver.ReceiveAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    /// <summary>An application that exports to this receiver, several times in a second.</summary>
    public ApiFactory CreateApi() => new ApiFactory()
        .With("Logging:LogLevel:Default", "Information")
        .With("OTEL_EXPORTER_OTLP_ENDPOINT", _server.Urls.Single())
        .With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        .With("OTEL_BSP_SCHEDULE_DELAY", "100")
        .With("OTEL_BLRP_SCHEDULE_DELAY", "100")
        .With("OTEL_METRIC_EXPORT_INTERVAL", "100");

    /// <summary>Waits for the spans of a trace: that of the server arrives last.</summary>
    public Task<Span[]> WaitForTraceAsync(string traceId) => WaitAsync(
        () => Read("/v1/traces", 1, 2, 2).Select(span => new Span(span)).Where(span => span.TraceId == traceId).ToArray(),
        spans => spans.Any(span => span.Kind == Span.Server));

    /// <summary>Waits for a log record that contains a text, and returns it as text.</summary>
    public async Task<OtlpMessage> WaitForLogAsync(string text) =>
        (await WaitAsync(() => Read("/v1/logs", 1, 2, 2).Where(log => log.Contains(text)).ToArray(), logs => logs.Length > 0))[0];

    /// <summary>Waits until all metrics of these names have arrived.</summary>
    public Task WaitForMetricsAsync(params string[] names) => WaitAsync(
        () => Read("/v1/metrics", 1, 2, 2).Select(metric => metric.Text(1)).Distinct().ToArray(),
        received => !names.Except(received).Any());

    /// <summary>Waits for a metric that has a value with this attribute.</summary>
    public Task WaitForMetricAsync(string name, string attribute) =>
        WaitAsync(() => Metrics(name), metrics => metrics.Any(metric => metric.Contains(attribute)));

    public OtlpMessage[] Metrics(string name) => [.. Read("/v1/metrics", 1, 2, 2).Where(metric => metric.Text(1) == name)];

    /// <value>All that has arrived.</value>
    public OtlpMessage[] Everything => [.. _requests.Select(request => new OtlpMessage(request.Body))];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue((context.Request.Path, body.ToArray()));
    }

    private IEnumerable<OtlpMessage> Read(string path, params int[] fields) =>
        _requests.Where(request => request.Path == path).SelectMany(request => new OtlpMessage(request.Body).Find(fields));

    private static async Task<T[]> WaitAsync<T>(Func<T[]> read, Func<T[], bool> isComplete)
    {
        T[] found = [];
        await Eventually.HoldsAsync(() => isComplete(found = read()));
        return found;
    }
}

/// <summary>A span, read from its protocol buffer.</summary>
public sealed record Span(string TraceId, string Id, string ParentId, string Name, int Kind, string Text)
{
    public const int Server = 2;
    public const int Client = 3;

    public Span(OtlpMessage span)
        : this(span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Number(6), span.ToString())
    {
    }
}

/// <summary>A protocol buffer message, of which the schema is not needed: fields are read by their numbers.</summary>
public sealed class OtlpMessage(byte[] bytes)
{
    public bool Contains(string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    public string Text(int field) => Encoding.UTF8.GetString(First(field));

    public string Hex(int field) => Convert.ToHexStringLower(First(field));

    public int Number(int field) => (int)Fields().FirstOrDefault(found => found.Field == field).Number;

    /// <summary>Returns the messages below this one, along a path of fields.</summary>
    public IEnumerable<OtlpMessage> Find(params int[] path) => path is [var field, .. var rest]
        ? Fields().Where(found => found.Field == field).SelectMany(found => new OtlpMessage(found.Bytes).Find(rest))
        : [this];

    public override string ToString() => Encoding.UTF8.GetString(bytes);

    private byte[] First(int field) => Fields().FirstOrDefault(found => found.Field == field).Bytes ?? [];

    private IEnumerable<(int Field, long Number, byte[] Bytes)> Fields()
    {
        for (var position = 0; position < bytes.Length;)
        {
            var tag = ReadNumber(ref position);
            var (field, wireType) = ((int)(tag >> 3), tag & 7);
            var number = wireType is 0 or 2 ? ReadNumber(ref position) : 0;
            var length = wireType switch { 0 => 0, 1 => 8, 5 => 4, _ => (int)number };
            yield return (field, number, bytes[position..(position + length)]);
            position += length;
        }
    }

    private long ReadNumber(ref int position)
    {
        for (var (number, shift) = (0L, 0); ; shift += 7)
        {
            number |= (long)(bytes[position] & 127) << shift;
            if (bytes[position++] < 128)
            {
                return number;
            }
        }
    }
}
