using System.Net;
using System.Net.Http.Json;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Requests survive the death of an instance, and new settings of nginx.</summary>
[Trait("Level", "Edge")]
[Collection(EdgeGroup.Name)]
public sealed class EdgeFailureTests(EdgeFixture edge)
{
    private const int Requests = 1500;

    [Fact]
    public async Task The_death_of_an_instance_costs_no_idempotent_request()
    {
        Requires.Nginx();
        Requires.Servers();
        await using var stack = await EdgeStack.StartAsync();
        using var user = await stack.NewUserAsync();
        var location = (await user.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "kitchen" }))
            .EnsureSuccessStatusCode().Headers.Location!;
        using var client = stack.Nginx.NewClient(2);

        var failures = await LoadAsync(client, location, disturb: async () => await stack.Instances[0].DisposeAsync());
        Problems.AssertNone(failures);

        // All that is left answers, and when that is gone too, nginx says so in the API's own way.
        await stack.Instances[1].DisposeAsync();
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.BadGateway, await client.GetAsync(location));
    }

    [Fact]
    public async Task A_reload_loses_nothing()
    {
        Requires.Nginx();
        Requires.Servers();
        var stack = await edge.StartedAsync();
        using var user = await stack.NewUserAsync();
        var location = (await user.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "kitchen" }))
            .EnsureSuccessStatusCode().Headers.Location!;
        using var client = stack.Nginx.NewClient(2);

        // One request a connection: an idle connection that nginx closes at that moment is the client's to open again.
        client.DefaultRequestHeaders.ConnectionClose = true;
        var failures = await LoadAsync(client, location, disturb: async () =>
        {
            await stack.Nginx.ReloadAsync();
            await stack.Nginx.ReloadAsync();
        });

        Problems.AssertNone(failures);
    }

    // The disturbance comes when a tenth of the requests are through, and is over before the last tenth begins.
    private static async Task<IReadOnlyCollection<string>> LoadAsync(HttpClient client, Uri location, Func<Task> disturb)
    {
        var failures = new List<string>();
        var answered = 0;
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disturbance = begin.Task.ContinueWith(_ => disturb(), TaskScheduler.Default).Unwrap();

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancellationToken) =>
        {
            if (number > Requests * 9 / 10)
            {
                await disturbance.WaitAsync(cancellationToken);
            }

            var path = number % 2 == 0 ? location : new Uri("/api/v2/products?limit=5", UriKind.Relative);
            var problem = await ProblemOfAsync(client, path, cancellationToken);
            if (problem.Length > 0)
            {
                lock (failures)
                {
                    failures.Add($"request {number}: {problem}");
                }
            }

            if (Interlocked.Increment(ref answered) == Requests / 10)
            {
                begin.SetResult();
            }
        });

        return failures;
    }

    private static async Task<string> ProblemOfAsync(HttpClient client, Uri path, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(client, path, cancellationToken) ?? await ReadAsync(client, path, cancellationToken)
                ?? "cut short twice";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }

        // Null where the answer had begun and was cut short: nginx cannot take that back, and a client that reads asks again
        // (RFC 9110 section 9.2.2).
        static async Task<string?> ReadAsync(HttpClient client, Uri path, CancellationToken cancellationToken)
        {
            using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            try
            {
                await response.Content.ReadAsByteArrayAsync(cancellationToken);
                return response.StatusCode == HttpStatusCode.OK ? "" : $"{response.StatusCode}";
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }
}
