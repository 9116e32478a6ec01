using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The queries for products that an instance has sent to its database, as EF Core logs them.</summary>
internal sealed partial class QueryLog(ServerInstance server)
{
    /// <summary>The setting that an instance needs to write them.</summary>
    public static (string Name, string Value) Setting { get; } = (
        "Logging__LogLevel__Microsoft.EntityFrameworkCore.Database.Command", "Information");

    public async Task<int> CountDuringAsync(Func<Task> work)
    {
        var before = await CountAsync();
        await work();

        return await CountAsync() - before;
    }

    // The log is written in order: when the line of a later request is there, so are all before it.
    private async Task<int> CountAsync()
    {
        var mark = $"/mark/{Guid.NewGuid():N}";
        using var response = await server.Client.GetAsync(mark);
        await Eventually.HoldsAsync("the log is written", () => server.Log.Contains(mark, StringComparison.Ordinal));

        return Query().Count(server.Log);
    }

    [GeneratedRegex("FROM \"Products\"")]
    private static partial Regex Query();
}
