using System.Globalization;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>A million rows through one response.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class ExportTests(ITestOutputHelper output)
{
    private const int Rows = 1_000_000;
    private const int RowsOfWarmUp = 50_000;
    private const int RowsOfAPage = 1000;
    private const long MostBytesAboveIdle = 64L * 1024 * 1024;
    private const string Export = "/api/v1/products/export";
    private const string Query = "LIMIT @take";

    [Fact]
    public async Task A_million_rows_take_no_memory_and_a_client_that_leaves_ends_the_reading()
    {
        Requires.Servers();
        var database = await PostgresDatabase.CreateAsync();
        await using var server = await ServerInstance.StartAsync(
            await ServerApplication.OnPostgresAsync(),
            ("ConnectionStrings__Database", database.ConnectionString),
            ("Logging__LogLevel__Microsoft.EntityFrameworkCore.Database.Command", "Information"));
        await database.ExecuteAsync(
            $"""
            INSERT INTO "Products" ("Name", "Description", "Price", "Category", "CreatedAt", "UpdatedAt", "Version")
            SELECT 'Product ' || n, 'A thing for sale, in some words that say what it is.', 12.50, 'kitchen', now(), now(), 1
            FROM generate_series(1, {Rows}) AS n
            """);

        // The code is compiled, the pools are filled; and a client that leaves is not read for any longer.
        Assert.Equal(RowsOfWarmUp, await CountAsync(server, RowsOfWarmUp));
        await Eventually.HoldsAsync("the request has ended", () => server.CountInLog($"GET {Export} answered") == 1);
        var pages = server.CountInLog(Query);
        Assert.InRange(pages, RowsOfWarmUp / RowsOfAPage, Rows / RowsOfAPage / 2);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(pages, server.CountInLog(Query));

        var idle = server.Memory.ResidentBytes;
        server.Memory.ResetPeak();
        Assert.Equal(Rows, await CountAsync(server, int.MaxValue));

        var peak = server.Memory.PeakBytes;
        output.WriteLine($"idle {ProcessMemory.InMiB(idle)}, peak while a million rows were exported {ProcessMemory.InMiB(peak)}");
        Assert.InRange(peak - idle, long.MinValue, MostBytesAboveIdle);
    }

    // Reads lines until there are enough, then leaves. Each row comes once: the ids rise, and all are of the table.
    private static async Task<int> CountAsync(ServerInstance server, int atMost)
    {
        using var response = await server.Client.GetAsync(Export, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var (count, lastId) = (0, 0L);
        while (count < atMost && await reader.ReadLineAsync() is { } line)
        {
            var id = IdOf(line);
            Assert.True(id > lastId, $"{id} comes after {lastId}.");
            Assert.EndsWith("}", line, StringComparison.Ordinal);
            lastId = id;
            count++;
        }

        return count;
    }

    private static long IdOf(string line)
    {
        const string start = "{\"id\":";
        Assert.StartsWith(start, line, StringComparison.Ordinal);

        return long.Parse(line.AsSpan(start.Length, line.IndexOf(',') - start.Length), CultureInfo.InvariantCulture);
    }
}
