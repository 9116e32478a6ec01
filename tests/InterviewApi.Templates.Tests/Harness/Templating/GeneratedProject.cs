using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A project on disk, outside the repository.</summary>
internal sealed record GeneratedProject(string Name, string Folder, Combination Combination)
{
    /// <value>The folder of the web project.</value>
    public string WebFolder => Directory.GetDirectories(Path.Combine(Folder, "src")).Single();

    /// <summary>Every file by path relative to the project, with '/'; build output is left out.</summary>
    public SortedDictionary<string, byte[]> ReadFiles()
    {
        var files = Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .ToDictionary(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllBytes);

        return new SortedDictionary<string, byte[]>(files, StringComparer.Ordinal);
    }

    /// <summary>Runs <c>dotnet</c> in the project's folder.</summary>
    public Task<CommandResult> DotnetAsync(
        TimeSpan timeout, IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments) =>
        Cli.DotnetAsync(Folder, timeout, arguments, environment);
}
