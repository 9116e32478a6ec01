using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>A copy of the template to which the option of <c>docs/authoring.md</c> is added, with the blocks of that page.</summary>
internal sealed class AuthoredTemplate
{
    private const string Source = "src/Interview.Api/Dependencies/AuditDependencies.cs";
    private readonly string _folder = new TemporaryFolder($"authored-{Guid.NewGuid():N}").Path;
    private readonly Page _page = Pages.Get("docs/authoring.md");

    public AuthoredTemplate()
    {
        foreach (var file in Directory.EnumerateFiles(
            Suite.Template.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            Write(Path.GetRelativePath(Suite.Template.Folder, file), File.ReadAllText(file));
        }

        AddFiles();
        Insert(
            "base/src/Interview.Api/Dependencies/ApiDependencies.cs", "        services.AddValidation();\n", Block("csharp", 0) + "\n",
            before: false);
        Insert(".template.config/template.json", "\"symbols\": {\n", Block("json", 0) + ",\n", before: false);
        Insert(".template.config/template.json", "\"sources\": [\n", Block("json", 1) + ",\n", before: false);
        Insert(
            ".template.config/dotnetcli.host.json", "\"symbolInfo\": {\n", "\"audit\": { \"longName\": \"audit\", \"shortName\": \"\" },\n",
            before: false);
    }

    public TemplateDefinition Definition => TemplateDefinition.Load(_folder);

    /// <summary>The files of the template that are not as they were.</summary>
    public IReadOnlyList<string> Changed =>
        [
            .. Suite.Template.Files().Order(StringComparer.Ordinal)
                .Where(file => !Read(_folder, file).SequenceEqual(Read(Suite.Template.Folder, file))),
        ];

    private void AddFiles()
    {
        Write(
            $"options/audit/{Source}",
            "namespace InterviewApi.Dependencies;\n\npublic static class AuditDependencies\n{\n    public static void AddAudit(this IServiceCollection services)\n    {\n    }\n}\n");
        Write(
            "options/audit/tests/Interview.Api.Tests/Integration/AuditTests.cs",
            "namespace InterviewApi.Tests.Integration;\n\npublic sealed class AuditTests;\n");
        Write(
            "options/audit+migrations+sqlite/src/Interview.Api/Core/Data/AuditTrigger.cs",
            "namespace InterviewApi.Core.Data;\n\npublic sealed class AuditTrigger;\n");
    }

    private static byte[] Read(string folder, string file) => File.ReadAllBytes(Path.Combine(folder, file));

    private string Block(string language, int index) => _page.Blocks.Where(block => block.Language == language).ElementAt(index).Text;

    private void Write(string file, string content)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Path.GetExtension(file) == ".png")
        {
            File.Copy(Path.Combine(Suite.Template.Folder, file), path);
            return;
        }

        File.WriteAllText(path, content);
    }

    private void Insert(string file, string at, string text, bool before)
    {
        var path = Path.Combine(_folder, file);
        var content = File.ReadAllText(path);
        Assert.Contains(at, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(at, before ? text + at : at + text, StringComparison.Ordinal));
    }
}
