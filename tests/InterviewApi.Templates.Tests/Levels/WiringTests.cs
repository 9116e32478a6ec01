using System.Text;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The script of an item adds its lines once, and says why it cannot. All cases run in one process of MSBuild.</summary>
[Trait("Level", "Build")]
public sealed class WiringTests
{
    private const string Web = $"src/{EveryCombination.ProjectName}";

    private readonly string _folder = new TemporaryFolder("wiring").Path;

    [Fact]
    public async Task An_item_is_connected_once_and_a_place_that_is_not_there_is_named()
    {
        foreach (var item in (string[])["interview-client", "interview-job", "interview-resource", "interview-upload"])
        {
            await AddAsync($"{item}-twice", item, "OrderExport", files => files);
        }

        await AddAsync("no-place", "interview-resource", "Order", files => files with { Version = "return null;\n" });
        await AddAsync("other-folder", "interview-resource", "Order", files => files with { Program = null });
        await AddAsync("digit", "interview-resource", "2fast", files => files);
        await AddAsync("taken-client", "interview-client", "http", files => files);
        await AddAsync("taken-job", "interview-job", "Background", files => files);
        await AddAsync("taken-upload", "interview-upload", "Host", files => files);
        var output = await RunAsync();

        AssertSays(
            "no-place",
            "../Api/V2/ApiV2.cs has no place for this line, add it by hand, then run dotnet msbuild obj/First.targets: api.MapOrders();");
        AssertSays("other-folder", "../Program.cs is not there: run the command in the folder of the project");
        AssertSays("digit", "No class is named 2Fast: choose a name that begins with a letter");
        AssertSays("taken-client", "The name Http is taken by .NET or by the project: choose another one");
        AssertSays("taken-job", "The name Background is taken by .NET or by the project: choose another one");
        AssertSays("taken-upload", "The name Host is taken by .NET or by the project: choose another one");
        Assert.Equal("", Errors("-twice"));
        Assert.Equal(1, Count("interview-client-twice", "Program.cs", "builder.Services.AddOrderExport();"));
        Assert.Equal(1, Count("interview-client-twice", "../../Directory.Packages.props", "\"Microsoft.Extensions.Http.Resilience\""));

        // Where --sample full has the same line: a merge then finds it once.
        const string neighbors = "\"SQLitePCLRaw.core\" />\n    <PackageVersion Include=\"Microsoft.Extensions.Http.Resilience\"";
        Assert.Equal(1, Count("interview-client-twice", "../../Directory.Packages.props", neighbors));
        Assert.Equal(1, Count("interview-client-twice", "Acme.Shop.csproj", "\"Microsoft.Extensions.Http.Resilience\""));
        Assert.Equal(1, Count("interview-job-twice", "Program.cs", "builder.Services.AddOrderExport();"));
        Assert.Equal(1, Count("interview-upload-twice", "Api/V2/ApiV2.cs", "api.MapOrderExports();"));
        Assert.Equal(1, Count("interview-upload-twice", "../../.gitignore", "/src/*/order-exports/\nbin/\n"));
        Assert.Equal(1, Count("interview-resource-twice", "Api/V2/ApiV2.cs", "        api.MapOrderExports();\n        return api;\n"));
        Assert.Equal(1, Count("interview-resource-twice", "Program.cs", "Repositories.OrderExportRepository>()"));
        Assert.Equal(0, Count("taken-client", "Program.cs", "AddHttp"));

        // What is written again by the same command must not be there; what is to be run again must.
        Assert.All(
            ["interview-resource-twice", "other-folder", "digit", "taken-client", "taken-job", "taken-upload"],
            name => Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, name, Web, "obj"))));
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_folder, "no-place", Web, "obj")));

        void AssertSays(string name, string message) => Assert.Contains(message, Errors(name), StringComparison.Ordinal);

        string Errors(string name) =>
            string.Join('\n', output.Split('\n').Where(line => line.Contains($"{name}/", StringComparison.Ordinal)));

        int Count(string name, string file, string line) =>
            File.ReadAllText(Path.Combine(_folder, name, Web, file)).Split(line).Length - 1;
    }

    private async Task AddAsync(string name, string item, string itemName, Func<Places, Places> change)
    {
        using var engine = await TemplateEngine.LoadAsync(
            Path.Combine(SdkAssemblies.RepositoryRoot, "templates", item), CancellationToken.None,
            project: new ProjectProperties(EveryCombination.ProjectName, ""));
        var files = await engine.GenerateAsync(
            itemName, new Dictionary<string, string> { ["fields"] = "Name:string" }, CancellationToken.None, Web);
        var script = files.Single(file => file.Key.EndsWith(".targets", StringComparison.Ordinal));
        var places = change(new Places());
        await WriteAsync($"{Web}/obj/First.targets", Encoding.UTF8.GetString(script.Value));
        await WriteAsync($"{Web}/obj/Second.targets", Encoding.UTF8.GetString(script.Value));
        await WriteAsync($"{Web}/Program.cs", places.Program);
        await WriteAsync($"{Web}/Api/V2/ApiV2.cs", places.Version);
        await WriteAsync($"{Web}/Acme.Shop.csproj", "<Project>\n    <PackageReference Include=\"Microsoft.EntityFrameworkCore\" />\n</Project>\n");
        await WriteAsync(".gitignore", "bin/\n");
        await WriteAsync("Directory.Packages.props", "<Project>\n    <PackageVersion Include=\"Microsoft.EntityFrameworkCore\" />\n    <PackageVersion Include=\"SQLitePCLRaw.core\" />\n</Project>\n");

        async Task WriteAsync(string path, string? content)
        {
            var file = Path.Combine(_folder, name, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (content is not null)
            {
                await File.WriteAllTextAsync(file, content);
            }
        }
    }

    private async Task<string> RunAsync()
    {
        var all = Path.Combine(_folder, "All.proj");
        await File.WriteAllTextAsync(
            all,
            """
            <Project>
              <ItemGroup><Script Include="*/src/*/obj/First.targets;*/src/*/obj/Second.targets" /></ItemGroup>
              <Target Name="All"><MSBuild Projects="%(Script.Identity)" ContinueOnError="ErrorAndContinue" /></Target>
            </Project>
            """);
        var run = await Cli.DotnetAsync(_folder, TimeSpan.FromMinutes(2), ["msbuild", all, "-nologo", "-verbosity:quiet"]);
        return run.EnsureFailed().Output;
    }

    private sealed record Places
    {
        public string? Program { get; init; } = "using Acme;\n\nbuilder.Services.AddHealth();\n\nvar app = builder.Build();\n";

        public string Version { get; init; } = "        api.MapProducts();\n\n        return api;\n";
    }
}
