using System.Text;
using System.Xml.Linq;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The symbols of the resource's template.json are what the table of field types makes of them.</summary>
[Trait("Level", "Lint")]
public sealed class ResourceDefinitionTests
{
    // Each of these would mean something else in the code of a resource.
    [Theory]
    [InlineData("Change")]
    [InlineData("Lock")]
    [InlineData("Route")]
    [InlineData("Status")]
    [InlineData("task")]
    [InlineData("Token")]
    public async Task A_name_that_is_taken_stops_the_build_with_a_sentence(string name)
    {
        var model = await ModelAsync(new ProjectProperties("Acme.Shop", "--auth jwt"), $"{name} --fields \"Label:string\"");

        Assert.Contains(" is taken by .NET or by the project: choose", model, StringComparison.Ordinal);
    }

    // What comes first in the name of the project, or last, is a namespace wherever the code uses the resource.
    [Theory]
    [InlineData("Acme.Booking", "Booking")]
    [InlineData("Acme.Booking", "acme")]
    [InlineData("Acme.Booking.Desk", "Booking")]
    public async Task A_part_of_the_namespace_stops_the_build_with_a_sentence(string rootNamespace, string name)
    {
        var project = new ProjectProperties(rootNamespace, "--auth none");

        Assert.Contains(
            $"#error C# finds the namespace {rootNamespace} before",
            await ModelAsync(project, $"{name} --fields \"Label:string\""), StringComparison.Ordinal);
        Assert.DoesNotContain("#error", await ModelAsync(project, "Book --fields \"Label:string\""), StringComparison.Ordinal);
    }

    // The records of a resource have a member of that name; the id of an account is a UUID.
    [Theory]
    [InlineData("From:date", "Unknown field From:date: ")]
    [InlineData("ApplyTo:string?", "Unknown field ApplyTo:string?: ")]
    [InlineData("Clone:bool", "Unknown field Clone:bool: ")]
    [InlineData("User:ref", "User refers to an account")]
    [InlineData("Author:ref(User)?", "Author refers to an account")]
    public async Task A_field_that_cannot_be_stops_the_build_with_a_sentence(string field, string sentence)
    {
        var model = await ModelAsync(new ProjectProperties("Acme.Shop", "--auth jwt"), $"Booking --fields \"To:date {field}\"");

        Assert.Contains($"#error {sentence}", model, StringComparison.Ordinal);
        Assert.Equal(1, model.Split("#error").Length - 1);
    }

    [Fact]
    public void The_symbols_of_the_resource_are_generated_from_the_table_of_types()
    {
        var generated = ResourceDefinition.Regenerate();
        if (Suite.Approving)
        {
            File.WriteAllText(ResourceDefinition.File, generated);
        }

        Assert.Equal(generated, File.ReadAllText(ResourceDefinition.File));
    }

    [Fact]
    public async Task The_page_about_the_first_resource_shows_what_the_command_writes()
    {
        var generated = await FirstResource.RegenerateAsync();
        if (Suite.Approving)
        {
            await File.WriteAllTextAsync(FirstResource.Source, generated);
        }

        Assert.Equal(generated, await File.ReadAllTextAsync(FirstResource.Source));
        Assert.InRange(generated.Count(character => character == '\n'), 1, 200);
    }

    [Fact]
    public void A_project_records_every_flag_and_the_version_of_the_pack()
    {
        var recorded = Suite.Template.Symbols["chosenFlags"]!["parameters"]!["symbols"]!.AsArray()
            .Where(part => (string?)part!["type"] == "const").Select(part => ((string)part!["value"]!).Trim());
        var project = File.ReadAllText(Path.Combine(Suite.Template.Folder, "base/src/Interview.Api/Interview.Api.csproj"));
        var pack = XDocument.Load(Path.Combine(SdkAssemblies.RepositoryRoot, "TemplatePack.csproj")).Descendants("Version").Single().Value;

        Assert.Equal(Suite.Template.Options.Select(option => $"--{option.Flag}"), recorded);
        Assert.Contains($"<TemplateVersion>{pack}</TemplateVersion>", project, StringComparison.Ordinal);
    }

    private static async Task<string> ModelAsync(ProjectProperties project, string command)
    {
        using var engine = await ResourceEngine.LoadAsync(project);
        var files = await engine.RenderAsync(command);
        return Encoding.UTF8.GetString(files.Single(file => file.Key.Contains("/Models/", StringComparison.Ordinal)).Value);
    }
}
