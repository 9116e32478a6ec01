using System.Text.Json.Nodes;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Linting;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The configuration of every template keeps the JSON schemas that it names.</summary>
[Trait("Level", "Lint")]
public sealed class SchemaTests
{
    private static readonly string Templates = Path.Combine(SdkAssemblies.RepositoryRoot, "templates");

    public static MatrixTheoryData<string, string> Configurations { get; } = new(
        Directory.GetDirectories(Templates).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal),
        ["template.json", "ide.host.json", "dotnetcli.host.json"]);

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Each_configuration_keeps_its_schema(string template, string file) =>
        Problems.AssertNone(SchemaCheck.Check(file, Read(template, file)));

    [Theory]
    [InlineData("template.json", """{ "symbols": { "cache": { "type": "parametr" } } }""", "/symbols/cache")]
    [InlineData("template.json", """{ "classifications": "Web" }""", "/classifications")]
    [InlineData("template.json", """{ "symbols": { "cache": { "dataType": "choice" } } }""", "/symbols/cache/dataType: the schema")]
    [InlineData("ide.host.json", """{ "order": "first" }""", "/order")]
    [InlineData("ide.host.json", """{ "symbolInfo": [{ "id": "cache", "isVisible": "yes" }] }""", "/symbolInfo/0/isVisible")]
    [InlineData("ide.host.json", """{ "symbolInfo": [{ "id": "cache", "visible": true }] }""", "/symbolInfo/0/visible: the schema")]
    [InlineData("dotnetcli.host.json", """{ "symbolInfo": { "cache": { "longName": 1 } } }""", "/symbolInfo/cache/longName")]
    [InlineData("dotnetcli.host.json", """{ "symbolInfo": { "cache": { "long": "cache" } } }""", "/symbolInfo/cache/long: the schema")]
    public void A_fault_is_named_with_its_place(string file, string fault, string expected)
    {
        var configuration = Read("interview-api", file);
        Overwrite(configuration, JsonNode.Parse(fault)!.AsObject());

        Assert.Contains(SchemaCheck.Check(file, configuration), problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    private static JsonObject Read(string template, string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Templates, template, ".template.config", file)))!.AsObject();

    private static void Overwrite(JsonObject configuration, JsonObject fault)
    {
        foreach (var (name, value) in fault)
        {
            if (value is JsonObject inner && configuration[name] is JsonObject present)
            {
                Overwrite(present, inner);
            }
            else
            {
                configuration[name] = value?.DeepClone();
            }
        }
    }
}
