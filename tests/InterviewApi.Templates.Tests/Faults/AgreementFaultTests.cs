using System.Text;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>A file that differs between the engine and the command line is named, with the options.</summary>
[Trait("Level", "Faults")]
public sealed class AgreementFaultTests
{
    private const string Program = "src/Acme.Shop/Program.cs";

    [Fact]
    public async Task A_file_that_differs_is_named_and_equal_ones_are_not()
    {
        using var engine = await TemplateEngine.LoadAsync(BrokenTemplate.Fixture, CancellationToken.None);
        var parameters = new Dictionary<string, string>();
        var inProcess = await engine.GenerateAsync("Acme.Shop", parameters, CancellationToken.None);
        var fromPackage = await engine.GenerateAsync("Acme.Shop", parameters, CancellationToken.None);
        Assert.Empty(Agreement.Differences(inProcess, fromPackage, "docker=true"));

        fromPackage[Program] = [.. fromPackage[Program], .. Encoding.UTF8.GetBytes("\n")];
        fromPackage.Remove("README.md");
        inProcess.Remove("Dockerfile");

        Assert.Equal(
            [
                "Dockerfile: only dotnet new writes it (docker=true)",
                "README.md: only the engine writes it (docker=true)",
                $"{Program}: the engine and dotnet new write different bytes (docker=true)",
            ],
            Agreement.Differences(inProcess, fromPackage, "docker=true"));
    }
}
