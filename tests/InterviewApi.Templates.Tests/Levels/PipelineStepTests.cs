using System.Text;
using InterviewApi.Templates.Tests.Harness;
using YamlDotNet.RepresentationModel;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// Every step of a generated pipeline that needs no service from outside is run as it stands, in a fresh project; those
/// that log in to the host are run by the tests of the deployment.
/// </summary>
[Trait("Level", "Edge")]
public sealed class PipelineStepTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // What check.sh does is run for each row of the covering array.
    [Fact]
    public async Task The_steps_of_GitHub_are_check_sh_and_those_that_make_a_release()
    {
        var project = await GenerateAsync(
            "Acme.Shop", ("database", "postgres"), ("cache", "redis"), ("docker", "false"), ("sample", "basic"));
        var workflow = Path.Combine(project.Folder, ".github", "workflows", "ci.yml");

        Assert.Equal(["bash check.sh"], PipelineSteps.OfGitHub(workflow, "test"));
        await MakeReleaseAsync(project, ["--noprofile", "--norc", "-eo", "pipefail", "-c"], PipelineSteps.OfGitHub(workflow, "package"));
    }

    [Fact]
    public async Task The_script_of_GitLab_passes_without_any_option_and_with_a_name_that_has_a_space()
    {
        Requires.Programs("bash");
        (string, string)[] nothing = [
            ("auth", "none"), ("migrations", "false"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"),
            ("docker", "false"), ("nginx", "false"), ("ci", "gitlab"), ("sample", "none")];
        var project = await GenerateAsync("My App", nothing);
        var pipeline = Path.Combine(project.Folder, ".gitlab-ci.yml");

        Assert.Equal("bash check.sh", PipelineSteps.OfGitLab(pipeline, "test")[0]);
        string[] script = [.. PipelineSteps.OfGitLab(pipeline, "test"), .. PipelineSteps.OfGitLab(pipeline, "package")];
        await MakeReleaseAsync(project, ["-eo", "pipefail", "-c"], [string.Join('\n', script)]);
    }

    [Fact]
    public async Task The_script_of_GitLab_pushes_an_image_only_after_a_scan_without_findings()
    {
        Requires.Programs("bash");
        var project = await GenerateAsync("Acme.Shop", ("docker", "true"), ("ci", "gitlab"));
        var script = string.Join('\n', PipelineSteps.OfGitLab(Path.Combine(project.Folder, ".gitlab-ci.yml"), "package"));

        Assert.Equal(["build", "run", "login", "push", "buildx"], await DockerCallsAsync(project, script, scanResult: 0));
        Assert.Equal("DIGEST=sha256:4f2a\n", await File.ReadAllTextAsync(Path.Combine(project.Folder, "image.env")));
        Assert.Equal(["build", "run"], await DockerCallsAsync(project, script, scanResult: 1));
    }

    [Fact]
    public async Task The_workflow_of_GitHub_pushes_what_it_has_scanned()
    {
        Requires.Programs("bash");
        var project = await GenerateAsync("Acme.Shop", ("docker", "true"), ("ci", "github"));
        var workflow = Path.Combine(project.Folder, ".github", "workflows", "ci.yml");
        var steps = PipelineSteps.Of(workflow, "package");
        var build = Step(steps, "docker/build-push-action")["with"];
        var scan = Step(steps, "aquasecurity/trivy-action");
        var keep = steps[^1];

        Assert.Equal("type=oci,dest=image,tar=false", Value(build, "outputs"));
        Assert.Equal(("true", "mode=max"), (Value(build, "sbom"), Value(build, "provenance")));
        Assert.Equal("image", Value(scan["with"], "input"));
        Assert.Equal(("1", "true"), (Value(scan["with"], "exit-code"), Value(scan["with"], "ignore-unfixed")));
        Assert.Equal("image", Value(keep["with"], "path"));
        Assert.Same(scan, steps[^2]);

        // The step itself, with a stand-in for the program that copies.
        var publish = PipelineSteps.Of(workflow, "publish");
        Assert.Equal("image", Value(Step(publish, "actions/download-artifact")["with"], "path"));
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.Combine(Suite.ProjectFolder, "Fixtures", "docker")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["DOCKER_CALLS"] = Path.Combine(project.Folder, "calls"),
            ["GITHUB_OUTPUT"] = Path.Combine(project.Folder, "output"),
            ["IMAGE"] = "ghcr.io/acme/shop:4f2a",
        };
        var push = Assert.Single(PipelineSteps.OfGitHub(workflow, "publish"), text => text.Contains("skopeo", StringComparison.Ordinal));
        (await Cli.RunAsync("bash", project.Folder, Patience, ["-eo", "pipefail", "-c", push], environment)).EnsureSucceeded();
        Assert.Equal(
            "copy --all --preserve-digests --digestfile digest oci:image docker://ghcr.io/acme/shop:4f2a\n",
            await File.ReadAllTextAsync(Path.Combine(project.Folder, "calls")));
        Assert.Equal(
            ["digest=sha256:4f2a", "name=ghcr.io/acme/shop"], await File.ReadAllLinesAsync(Path.Combine(project.Folder, "output")));
        Assert.Equal("cosign sign --yes \"$NAME@$DIGEST\"", Value(publish[^1], "run"));
        Assert.Contains(
            "release: ${{ github.sha }}@${{ needs.publish.outputs.digest }}", await File.ReadAllTextAsync(workflow),
            StringComparison.Ordinal);
    }

    // Whoever opens a pull request writes the code that its jobs run.
    [Fact]
    public async Task No_job_of_a_pull_request_of_GitHub_may_write_more_than_findings()
    {
        var table = await Suite.RenderedAsync();
        var files = table.Files.Where(file => file.Key.StartsWith(".github/workflows/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, files.Length);
        foreach (var text in files.SelectMany(file => file.Value.Contents).Select(Encoding.UTF8.GetString))
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            var root = (YamlMappingNode)yaml.Documents[0].RootNode;
            Assert.Equal(["contents: read"], Permissions(root));
            var jobs = ((YamlMappingNode)root["jobs"]).Children.Values;
            foreach (var job in jobs.Where(job => Value(job, "if") != "github.ref == 'refs/heads/main'"))
            {
                Assert.Subset(new HashSet<string> { "contents: read", "security-events: write" }, Permissions(job).ToHashSet());
            }
        }
    }

    private static IEnumerable<string> Permissions(YamlNode node) =>
        ((YamlMappingNode)node).Children.TryGetValue("permissions", out var permissions)
            ? ((YamlMappingNode)permissions).Children.Select(permission => $"{permission.Key}: {permission.Value}") : [];

    private static YamlMappingNode Step(IEnumerable<YamlMappingNode> steps, string action) =>
        Assert.Single(steps, step => Value(step, "uses").StartsWith($"{action}@", StringComparison.Ordinal));

    // A key of several lines cannot be masked, so GitLab hands it over as a file.
    [Fact]
    public async Task The_deployment_of_GitLab_takes_its_key_from_a_file()
    {
        Requires.Programs("bash");
        var project = await GenerateAsync("Acme.Shop", ("docker", "true"), ("ci", "gitlab"));
        var host = new TemporaryFolder("gitlab-host").Path;
        var login = StandInHost.Login(host);
        var key = Path.Combine(project.Folder, "key");
        await File.WriteAllTextAsync(key, $"{login["DEPLOY_KEY"]}\n");
        login["DEPLOY_KEY"] = key;

        // It gets as far as Docker, which is not there.
        login["DOCKER_HOST"] = "unix:///nowhere";
        var deployment = await Cli.RunAsync("bash", project.Folder, Patience, ["scripts/ship.sh", "4f2a"], login);

        Assert.Contains("deploy: ", deployment.EnsureFailed().Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(host, "releases", "4f2a", "compose.yaml")));
    }

    // The token that proves who signs is given to no job that runs code of the project.
    [Fact]
    public async Task GitLab_signs_the_digest_of_a_public_image_without_a_key()
    {
        var table = await Suite.RenderedAsync();
        var pipelines = table.Files[".gitlab-ci.yml"].Contents.Select(Encoding.UTF8.GetString)
            .Where(text => text.Contains("docker push", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(pipelines);
        Assert.All(pipelines, text =>
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            var root = (YamlMappingNode)yaml.Documents[0].RootNode;
            Assert.Equal("sigstore", Value(root["sign"]["id_tokens"]["SIGSTORE_ID_TOKEN"], "aud"));
            Assert.Equal("cosign sign --yes \"$CI_REGISTRY_IMAGE@$DIGEST\"", ((YamlSequenceNode)root["sign"]["script"]).Last().ToString());
            Assert.Equal("package", root["sign"]["needs"][0].ToString());
            Assert.Contains("$CI_PROJECT_VISIBILITY == \"public\"", Value(root["sign"]["rules"][1], "if"), StringComparison.Ordinal);
            Assert.Single(
                root.Children.Values.OfType<YamlMappingNode>(), job => job.Children.ContainsKey(new YamlScalarNode("id_tokens")));
        });
    }

    // What a package's script does there, it does beside the production key.
    [Fact]
    public async Task The_deployment_of_GitLab_installs_nothing()
    {
        var table = await Suite.RenderedAsync();
        Assert.All(table.Files[".gitlab-ci.yml"].Contents.Select(Encoding.UTF8.GetString), text =>
        {
            var deployment = text[text.IndexOf("\ndeploy:", StringComparison.Ordinal)..];
            Assert.DoesNotContain("before_script", deployment, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b(apk|apt|apt-get|dnf|npm|pip) (add|install)", deployment);
            Assert.DoesNotMatch(@"image: \S+:latest|image: [^:]+\n", deployment);
        });
    }

    // The commands that the script gives to Docker, until it ends as the scan does.
    private static async Task<IEnumerable<string>> DockerCallsAsync(GeneratedProject project, string script, int scanResult)
    {
        var calls = Path.Combine(project.Folder, $"calls-{scanResult}");
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.Combine(Suite.ProjectFolder, "Fixtures", "docker")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["DOCKER_CALLS"] = calls,
            ["SCAN_RESULT"] = $"{scanResult}",
            ["IMAGE"] = "registry.example/acme/shop:4f2a",
            ["CI_COMMIT_BRANCH"] = "main",
            ["CI_DEFAULT_BRANCH"] = "main",
            ["CI_REGISTRY"] = "registry.example",
            ["CI_REGISTRY_USER"] = "ci",
            ["CI_REGISTRY_PASSWORD"] = "secret",
        };

        var result = await Cli.RunAsync("bash", project.Folder, Patience, ["-eo", "pipefail", "-c", script], environment);
        var lines = await File.ReadAllLinesAsync(calls);

        Assert.Equal(scanResult, result.ExitCode);
        Assert.EndsWith(" --exit-code 1 --no-progress registry.example/acme/shop:4f2a", lines[1], StringComparison.Ordinal);
        return lines.Select(line => line.Split(' ')[0]);
    }

    private static string Value(YamlNode node, string name) =>
        ((YamlMappingNode)node).Children.TryGetValue(name, out var value) ? ((YamlScalarNode)value).Value! : "";

    private static async Task<GeneratedProject> GenerateAsync(string name, params (string, string)[] values) =>
        await (await TemplateHive.InstalledAsync()).GenerateAsync(name, Suite.Template.Space.FirstWith(values));

    private static async Task MakeReleaseAsync(GeneratedProject project, string[] shell, IReadOnlyList<string> steps)
    {
        var environment = new Dictionary<string, string> { ["CI"] = "true" };
        foreach (var step in steps)
        {
            (await Cli.RunAsync("bash", project.Folder, Patience, [.. shell, step], environment)).EnsureSucceeded();
        }

        // What the last steps made is what the deployment gets.
        var archive = (await Cli.RunAsync("tar", project.Folder, Patience, ["--list", "--file", "release.tar.gz"])).EnsureSucceeded();
        Assert.Matches(@"(?m)^\./[\w. ]+\.runtimeconfig\.json$", archive.Output);
    }
}
