using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// What the user's machine adds does no harm: a second package feed, security advisories, build files in the folders above,
/// a path with every character, settings of the application in the environment and in user secrets.
/// </summary>
[Trait("Level", "Machine")]
public sealed class MachineTests(MachineTests.HostileMachine machine) : IClassFixture<MachineTests.HostileMachine>
{
    [Fact]
    public void A_second_feed_and_advisories_of_every_severity_break_no_restore()
    {
        machine.Restore.EnsureSucceeded();
        Assert.All(
            ["NU1901", "NU1902", "NU1903", "NU1904"],
            code => Assert.Contains($"warning {code}", machine.Restore.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_files_of_parent_folders_have_no_say_and_advisories_break_no_build_of_a_pipeline()
    {
        machine.Build.EnsureSucceeded();
        Assert.DoesNotContain(": error", machine.Build.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("warning (?!NU190[1-4])", machine.Build.Output);
    }

    [Fact]
    public async Task The_pipeline_fails_on_high_and_critical_advisories_and_on_no_others()
    {
        var github = PipelineSteps.OfGitHub(Path.Combine(machine.Project, ".github", "workflows", "ci.yml"), "test");
        Assert.Contains(github, step => step.Contains("bash check.sh", StringComparison.Ordinal));
        var gitlab = await WrittenRenderings.ProjectAsync("audit", Suite.Template.Space.FirstWith(("ci", "gitlab")).Number);
        Assert.Contains(
            PipelineSteps.OfGitLab(Path.Combine(gitlab, ".gitlab-ci.yml"), "test"),
            step => step.Contains("bash check.sh", StringComparison.Ordinal));
        var command = Assert.Single(
            await File.ReadAllLinesAsync(Path.Combine(machine.Project, "check.sh")),
            line => line.Contains("NU1903", StringComparison.Ordinal));

        var audit = (await Cli.RunAsync("bash", machine.Project, HostileMachine.Patience, ["-c", command], HostileMachine.Environment))
            .EnsureFailed();
        Assert.Equal(
            ["NU1903", "NU1904"],
            Regex.Matches(audit.Output, @"error (?<code>NU\d+)").Select(match => match.Groups["code"].Value).Distinct().Order());
    }

    [Fact]
    public void The_generated_tests_take_no_setting_of_the_machine()
    {
        var tests = machine.Tests.EnsureSucceeded();
        Assert.Matches(@"Failed:\s+0, Passed:\s+[1-9]", tests.Output);
    }

    [Theory]
    [InlineData("", "false")]
    [InlineData("true", "true")]
    [InlineData("", "true", "-p:Configuration=Release")]
    public async Task Warnings_are_errors_in_a_pipeline_and_in_a_release(string pipeline, string expected, params string[] arguments)
    {
        var project = Directory.GetFiles(Path.Combine(machine.Project, "src"), "*.csproj", SearchOption.AllDirectories).Single();
        var environment = new Dictionary<string, string> { ["CI"] = pipeline };
        var evaluated = (
            await Cli.DotnetAsync(
                machine.Project, HostileMachine.Patience, ["msbuild", project, "-getProperty:TreatWarningsAsErrors", .. arguments],
                environment)).EnsureSucceeded();

        Assert.Equal(expected, evaluated.Output.Trim());
    }

    [Fact]
    public async Task A_folder_is_feed_enough_where_there_is_no_network()
    {
        var work = new TemporaryFolder("offline").Path;
        var packages = HostileMachine.Environment["NUGET_PACKAGES"];
        var project = await WrittenRenderings.ProjectAsync("offline", 0);
        var configuration = Path.Combine(work, "nuget.config");
        await File.WriteAllTextAsync(configuration, $"""<configuration><packageSources><clear /><add key="offline" value="{packages}" /></packageSources></configuration>""");
        var environment = new Dictionary<string, string> { ["CI"] = "true", ["NUGET_PACKAGES"] = Path.Combine(work, "packages") };

        var restore = await Cli.DotnetAsync(project, HostileMachine.Patience, ["restore", "--configfile", configuration], environment);

        Assert.DoesNotContain("NU1", restore.EnsureSucceeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_SDK_beside_is_not_taken()
    {
        var installed = Path.GetFullPath(Path.Combine(SdkAssemblies.SdkFolder, "..", ".."));
        var machine = new TemporaryFolder("two-sdks").Path;
        foreach (var folder in Directory.EnumerateDirectories(installed).Where(folder => Path.GetFileName(folder) != "sdk"))
        {
            Directory.CreateSymbolicLink(Path.Combine(machine, Path.GetFileName(folder)), folder);
        }

        // The newer one has a name only: a command that chooses it fails.
        var newer = Directory.CreateDirectory(Path.Combine(machine, "sdk", "11.0.100")).FullName;
        await File.WriteAllTextAsync(Path.Combine(newer, "dotnet.dll"), "");
        foreach (var sdk in Directory.EnumerateDirectories(Path.Combine(installed, "sdk")))
        {
            Directory.CreateSymbolicLink(Path.Combine(machine, "sdk", Path.GetFileName(sdk)), sdk);
        }

        File.Copy(Path.Combine(installed, "dotnet"), Path.Combine(machine, "dotnet"));
        var environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = machine };
        var project = await WrittenRenderings.ProjectAsync("two-sdks", 0);

        (await Cli.RunAsync(Path.Combine(machine, "dotnet"), machine, HostileMachine.Patience, ["--version"], environment)).EnsureFailed();
        var version = (await Cli.RunAsync(Path.Combine(machine, "dotnet"), project, HostileMachine.Patience, ["--version"], environment))
            .EnsureSucceeded();
        Assert.StartsWith("10.", version.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkout_with_the_line_endings_of_Windows_is_formatted()
    {
        var clone = Path.Combine(Path.GetDirectoryName(machine.Project)!, "checkout");
        (await Cli.RunAsync("bash", machine.Project, HostileMachine.Patience, ["-c",
            "git init -q . && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm a && git clone -q -c core.autocrlf=true . ../checkout"])).EnsureSucceeded();

        var changed = Directory.EnumerateFiles(clone, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/.git/", StringComparison.Ordinal) && File.ReadAllBytes(file).Contains((byte)'\r')).ToArray();
        Assert.Empty(changed);
        (await Cli.DotnetAsync(clone, HostileMachine.Patience, ["restore"], HostileMachine.Environment)).EnsureSucceeded();
        (
            await Cli.DotnetAsync(
                clone, HostileMachine.Patience, ["format", "--no-restore", "--verify-no-changes"],
                HostileMachine.Environment)).EnsureSucceeded();
    }

    // A semicolon ends a path for NuGet where a nuget.config lies in it, and a second apostrophe ends a string in the targets of
    // Microsoft.AspNetCore.Mvc.Testing: a path may have neither, so this one has neither.
    /// <summary>One project with all defaults, restored, built and tested where everything around it is hostile.</summary>
    public sealed class HostileMachine : IAsyncLifetime
    {
        public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

        /// <summary>A pipeline with settings of another application in its environment.</summary>
        public static readonly Dictionary<string, string> Environment = new()
        {
            ["CI"] = "true",
            // Nobody can write there.
            ["HOME"] = "/proc/nowhere",
            ["ASPNETCORE_ENVIRONMENT"] = "Staging",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:1",
            ["AllowedHosts"] = "nowhere.example",
            ["ApiVersions__V1__DeprecatedAt"] = "never",
            ["Cache__TtlSeconds"] = "0",
            ["ConnectionStrings__Database"] = "Data Source=/nowhere/at/all.db",
            ["Docs__Enabled"] = "true",
            ["Jwt__Issuer"] = "another",
            ["Jwt__SigningKey"] = "short",
            ["RateLimiting__PermitLimit"] = "1",
            ["Uploads__MaxBytes"] = "1",
            ["Uploads__Path"] = "/proc/nowhere",
            ["WebSockets__MaxMessageBytes"] = "1",
        };

        private readonly PackageFeed _feed = new(new Dictionary<string, int>
        {
            ["Swashbuckle.AspNetCore.ReDoc"] = 0,
            ["Microsoft.AspNetCore.OpenApi"] = 1,
            ["Swashbuckle.AspNetCore.SwaggerUI"] = 2,
            ["Microsoft.OpenApi"] = 3,
        });

        public string Project { get; private set; } = "";

        internal CommandResult Restore { get; private set; } = null!;

        internal CommandResult Build { get; private set; } = null!;

        internal CommandResult Tests { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var packages = (await Cli.DotnetAsync(Path.GetTempPath(), Patience, ["nuget", "locals", "global-packages", "--list"]))
                .EnsureSucceeded();
            Environment["NUGET_PACKAGES"] = packages.Output.Split(": ")[^1].Trim();
            var parent = new TemporaryFolder("Jörg's work, #1 & [x] 50% (a)").Path;
            foreach (var (file, text) in Parents())
            {
                await File.WriteAllTextAsync(Path.Combine(parent, file), text);
            }

            Project = Path.Combine(parent, "R&D Api");
            Environment["DOTNET_CLI_HOME"] = parent;
            var hive = await TemplateHive.InstalledAsync();
            (await hive.NewAsync([Suite.Template.ShortName, "--name", "R&D Api", "--output", Project, "--no-restore"])).EnsureSucceeded();

            Restore = await Cli.DotnetAsync(Project, Patience, ["restore"], Environment);
            Build = await Cli.DotnetAsync(
                Project, Patience, ["build", "--no-restore", "-warnaserror", "--disable-build-servers"], Environment);
            await AddUserSecretsAsync(parent);
            Tests = await Cli.DotnetAsync(Project, Patience, ["test", "--nologo", "--disable-build-servers"], Environment);
        }

        public ValueTask DisposeAsync()
        {
            _feed.Dispose();
            return ValueTask.CompletedTask;
        }

        private Dictionary<string, string> Parents() => new()
        {
            ["Directory.Build.props"] = "<Project><PropertyGroup><LangVersion>7</LangVersion><TargetFramework>netstandard2.0</TargetFramework></PropertyGroup></Project>",
            ["Directory.Build.targets"] = """<Project><ItemGroup><PackageReference Include="Newtonsoft.Json" Version="13.0.3" /></ItemGroup></Project>""",
            ["Directory.Packages.props"] = "<Project><PropertyGroup><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup></Project>",
            ["global.json"] = """{ "sdk": { "version": "99.0.100" } }""",
            [".editorconfig"] = "root = true\n[*.cs]\ndotnet_analyzer_diagnostic.severity = error\n",
            [".globalconfig"] = "is_global = true\nglobal_level = 1000\ndotnet_diagnostic.CA2007.severity = error\ndotnet_diagnostic.IDE0008.severity = error\n",
            ["nuget.config"] = $"""
                <configuration>
                  <packageSources><add key="company" value="{_feed.Index}" allowInsecureConnections="true" /></packageSources>
                  <auditSources><clear /><add key="company" value="{_feed.Index}" allowInsecureConnections="true" /></auditSources>
                </configuration>
                """,
        };

        // As "dotnet user-secrets init" and "set" leave them, in a folder of this test.
        private async Task AddUserSecretsAsync(string parent)
        {
            var project = Directory.GetFiles(Path.Combine(Project, "src"), "*.csproj", SearchOption.AllDirectories).Single();
            var text = await File.ReadAllTextAsync(project, Encoding.UTF8);
            Assert.DoesNotContain("UserSecretsId", text, StringComparison.Ordinal);
            var id = $"{Guid.NewGuid()}";
            await File.WriteAllTextAsync(
                project,
                text.Replace("</PropertyGroup>", $"<UserSecretsId>{id}</UserSecretsId></PropertyGroup>", StringComparison.Ordinal));

            // Where secrets lie follows from APPDATA on every system.
            var folder = Directory.CreateDirectory(Path.Combine(parent, "secrets", "Microsoft", "UserSecrets", id)).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "secrets.json"), """{ "Jwt": { "SigningKey": "short", "Issuer": "another" }, "AllowedHosts": "nowhere.example" }""");
            Environment["APPDATA"] = Path.Combine(parent, "secrets");
        }
    }
}
