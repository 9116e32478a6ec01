using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;
using YamlDotNet.RepresentationModel;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The images that the generated files name: supported versions, and the same server wherever there is one.</summary>
[Trait("Level", "Docs")]
public sealed partial class ImageTests
{
    private const string Development = "compose.dev.yaml";
    private static readonly Lazy<string[]> Lines = new(() => File.ReadAllLines(Path.Combine(Suite.ProjectFolder, "image-support.txt")));

    [Fact]
    public async Task Every_image_is_a_version_that_its_vendor_supports()
    {
        var until = Lines.Value.Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        var named = await NamedImagesAsync();

        Assert.Equal(named.Order(), until.Keys.Order());
        Problems.AssertNone(
            [
                .. until.Where(image => image.Value != "open" && string.CompareOrdinal(image.Value, Today()) < 0)
                    .Select(image => $"{image.Key} was supported until {image.Value}.")]);
    }

    [Fact]
    public async Task Tests_development_and_production_have_the_same_version_of_a_server()
    {
        var servers = (await NamedImagesAsync()).GroupBy(
            image => image.Split(':')[0], image => Version().Match(image.Split(':')[1]).Value).ToDictionary(group => group.Key);

        Assert.Equal(["18"], servers["postgres"].Distinct());
        Assert.Single(servers["redis"].Distinct());
    }

    [Fact]
    public async Task Jobs_of_GitLab_run_in_images_that_nobody_can_replace()
    {
        foreach (var content in (await Suite.RenderedAsync()).Files[".gitlab-ci.yml"].Contents)
        {
            var pipeline = Encoding.UTF8.GetString(content);
            string[] digests = [.. Image().Matches(pipeline).Select(match => match.Groups[2].Value)];

            Assert.True(digests.Length > 1);
            Assert.DoesNotContain("", digests);
            Assert.Equal(digests.Length, Images().Count(pipeline));
        }
    }

    // A week is what it takes until others have found a package that was taken over. A new major version of a server needs hands.
    [Fact]
    public async Task Update_bots_wait_a_week_and_leave_major_versions_of_servers_alone()
    {
        var table = await Suite.RenderedAsync();
        foreach (var combination in table.DistinctProjects(".github/dependabot.yml", "renovate.json").Select(number => table.Space[number]))
        {
            var files = table.Project(combination.Number).ToDictionary(file => file.Path, file => Encoding.UTF8.GetString(file.Content));
            string?[] values = [combination.Value("database"), combination.Value("cache")];
            string[] servers = [.. ((string[])["postgres", "redis"]).Where(values.Contains)];
            if (files.TryGetValue(".github/dependabot.yml", out var dependabot))
            {
                Assert.Contains("- package-ecosystem: dotnet-sdk\n", dependabot, StringComparison.Ordinal);
                Assert.Equal(Count(dependabot, "package-ecosystem: "), Count(dependabot, "    cooldown:\n      default-days: 7\n"));
                var hasDocker = combination.Value("docker") == "true";
                Assert.Equal(hasDocker ? servers.Length : 0, Count(dependabot, "update-types: [\"version-update:semver-major\"]"));
            }

            if (files.TryGetValue("renovate.json", out var text))
            {
                var renovate = JsonNode.Parse(text)!;
                Assert.Equal("7 days", (string?)renovate["minimumReleaseAge"]);
                Assert.Equal(servers, renovate["packageRules"]!.AsArray().Where(rule => rule!["enabled"]?.GetValue<bool>() == false)
                    .Select(rule => (string)rule!["matchPackageNames"]![0]!));
            }
        }

        static int Count(string text, string part) => text.Split(part).Length - 1;
    }

    // A laptop in a café: nobody else may reach a server without a password.
    [Fact]
    public async Task The_services_for_development_are_the_chosen_ones_on_loopback_where_the_settings_expect_them()
    {
        var table = await Suite.RenderedAsync();
        foreach (var number in table.DistinctProjects(Development))
        {
            var files = table.Project(number).ToDictionary(file => file.Path, file => Encoding.UTF8.GetString(file.Content));
            if (!files.TryGetValue(Development, out var text))
            {
                continue;
            }

            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            var services = (YamlMappingNode)yaml.Documents[0].RootNode["services"];
            var settings = files.TryGetValue("src/Acme.Shop/appsettings.Development.json", out var json)
                ? JsonNode.Parse(json)!["ConnectionStrings"]! : new JsonObject();
            var expected = new Dictionary<string, string[]> { ["dashboard"] = ["127.0.0.1:18888:18888", "127.0.0.1:4317:18889"] };
            if (table.Space[number].Value("cache") == "redis")
            {
                Assert.Equal("localhost:6379", (string?)settings["Redis"]);
                expected["redis"] = ["127.0.0.1:6379:6379"];
            }

            if (table.Space[number].Value("database") == "postgres")
            {
                // The port of PostgreSQL where none is named.
                Assert.Matches("^Host=localhost;Database=[^;]+;Username=postgres$", (string?)settings["Database"]);
                expected["postgres"] = ["127.0.0.1:5432:5432"];
            }

            Assert.Equal(expected.Keys.Order(), services.Children.Keys.Select(key => ((YamlScalarNode)key).Value!).Order());
            Assert.All(
                expected, service => Assert.Equal(
                    service.Value, ((YamlSequenceNode)services[service.Key]["ports"]).Select(port => ((YamlScalarNode)port).Value!)));
        }
    }

    private static async Task<IReadOnlyCollection<string>> NamedImagesAsync() =>
        (await Suite.RenderedAsync()).Files.Where(file => Source().IsMatch(file.Key))
            .SelectMany(file => file.Value.Contents)
            .SelectMany(content => Image().Matches(Encoding.UTF8.GetString(content)).Select(match => match.Groups[1].Value))
            .ToHashSet();

    private static string Today() => Environment.GetEnvironmentVariable("IMAGES_ON") is { Length: > 0 } today
        ? DateOnly.ParseExact(today, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Lines.Value.First(line => line.StartsWith("# this one", StringComparison.Ordinal)).Split(' ')[^1];

    [GeneratedRegex(@"^(Dockerfile|compose[\w.]*\.yaml|\.gitlab-ci\.yml|\.github/.+|\.devcontainer/.+)$")]
    private static partial Regex Source();

    [GeneratedRegex(@"(?:image: |""image"": ""|FROM (?:--platform=\S+ )?|- name: |(?= aquasec/) )((?:[a-z0-9.-]+/)*[a-z0-9-]+:[0-9][\w.-]*)(@sha256:[0-9a-f]{64})?(?=[\s""]|$)")]
    private static partial Regex Image();

    // What names an image, whatever it looks like.
    [GeneratedRegex(@"(?m)^ *(?:image: |- name: |aquasec/)")]
    private static partial Regex Images();

    [GeneratedRegex(@"^\d+")]
    private static partial Regex Version();
}
