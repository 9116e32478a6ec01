using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>A copy of the fixture template in a temporary folder, to be broken in one place.</summary>
internal sealed class BrokenTemplate : IDisposable
{
    public static readonly string Fixture = Path.Combine(Suite.ProjectFolder, "Fixtures", "small-api");

    public string Folder { get; } = Directory.CreateTempSubdirectory("broken-template-").FullName;

    public BrokenTemplate()
    {
        foreach (var file
            in Directory.EnumerateFiles(Fixture, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var target = Path.Combine(Folder, Path.GetRelativePath(Fixture, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public TemplateDefinition Definition => TemplateDefinition.Load(Folder);

    /// <summary>Replaces a text that must be there.</summary>
    public BrokenTemplate Replace(string file, string text, string replacement)
    {
        var path = Path.Combine(Folder, file);
        var content = File.ReadAllText(path);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(text, replacement, StringComparison.Ordinal));

        return this;
    }

    public BrokenTemplate Add(string file, string content)
    {
        File.WriteAllText(Path.Combine(Folder, file), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
