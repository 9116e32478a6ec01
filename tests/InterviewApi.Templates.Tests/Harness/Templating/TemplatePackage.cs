using InterviewApi.Templates.Tests.Engine;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The package as it would be published, packed once per run.</summary>
internal static class TemplatePackage
{
    private static readonly Lazy<Task<string>> Packed = new(PackAsync);

    public static TemporaryFolder Folder { get; } = new("package");

    /// <summary>The path of the .nupkg file.</summary>
    public static Task<string> PathAsync() => Packed.Value;

    private static async Task<string> PackAsync()
    {
        string[] arguments = [
            "pack", "TemplatePack.csproj", "--output", Folder.Path, "-p:ArtifactsPath=" + Path.Combine(Folder.Path, "build")];
        var result = (await Cli.DotnetAsync(SdkAssemblies.RepositoryRoot, TimeSpan.FromMinutes(3), arguments)).EnsureSucceeded();

        return result.Output.Contains("warning", StringComparison.OrdinalIgnoreCase)
            ? throw new InvalidOperationException($"Packing warns:\n{result.Output}")
            : Directory.EnumerateFiles(Folder.Path, "*.nupkg").Single();
    }
}
