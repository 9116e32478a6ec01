using YamlDotNet.RepresentationModel;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The commands of a generated pipeline, as its YAML has them.</summary>
internal static class PipelineSteps
{
    /// <summary>The steps of a job of a GitHub workflow, in order.</summary>
    public static IReadOnlyList<YamlMappingNode> Of(string file, string job) =>
        [.. ((YamlSequenceNode)Root(file)["jobs"][job]["steps"]).OfType<YamlMappingNode>()];

    /// <summary>The commands of those steps that run some.</summary>
    public static IReadOnlyList<string> OfGitHub(string file, string job) =>
        [.. Of(file, job).Where(step => step.Children.ContainsKey("run")).Select(step => ((YamlScalarNode)step["run"]).Value!)];

    /// <summary>The script of a GitLab job, line by line.</summary>
    public static IReadOnlyList<string> OfGitLab(string file, string job) =>
        [.. ((YamlSequenceNode)Root(file)[job]["script"]).OfType<YamlScalarNode>().Select(line => line.Value!)];

    private static YamlNode Root(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(file);
        yaml.Load(reader);

        return yaml.Documents[0].RootNode;
    }
}
