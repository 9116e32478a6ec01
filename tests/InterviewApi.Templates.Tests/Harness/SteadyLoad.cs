using System.Net;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>One request after the other, each on a connection of its own, until the failures are asked for.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<IReadOnlyList<string>> _running;

    private SteadyLoad(HttpClient client, string path) => _running = Task.Run(() => RunAsync(client, path, _stop.Token));

    public static SteadyLoad Start(HttpClient client, string path) => new(client, path);

    public async Task<IReadOnlyList<string>> FailuresAsync()
    {
        await _stop.CancelAsync();
        return await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await FailuresAsync();
        _stop.Dispose();
    }

    private static async Task<IReadOnlyList<string>> RunAsync(HttpClient client, string path, CancellationToken stop)
    {
        var failures = new List<string>();
        do
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { ConnectionClose = true } };
                using var response = await client.SendAsync(request, CancellationToken.None);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    failures.Add($"{response.StatusCode}");
                }
            }
            catch (HttpRequestException exception)
            {
                failures.Add(exception.Message);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
        while (!stop.IsCancellationRequested);

        return failures;
    }
}
