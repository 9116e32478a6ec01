using System.Xml;
using System.Xml.Linq;

/// <summary>
/// Downloads the packages that a submission names, without running anything of it: the versions are read from its
/// Directory.Packages.props, and a project of the kit restores them.
/// </summary>
public static class Packages
{
    /// <returns>The folder of the packages.</returns>
    public static async Task<string> DownloadAsync(string submission)
    {
        var work = Directory.CreateTempSubdirectory("grade-packages-").FullName;
        try
        {
            var versions = VersionsIn(Path.Combine(submission, "Directory.Packages.props"))
                .Select(package => new XElement("PackageReference", package.Attribute("Include"), package.Attribute("Version")));
            new XDocument(new XElement(
                "Project",
                new XAttribute("Sdk", "Microsoft.NET.Sdk"),
                new XElement("PropertyGroup", new XElement("TargetFramework", "net10.0"), new XElement("NuGetAudit", "false")),
                new XElement("ItemGroup", versions))).Save(Path.Combine(work, "packages.csproj"));
            await File.WriteAllTextAsync(Path.Combine(work, "Directory.Build.props"), "<Project />");
            await File.WriteAllTextAsync(Path.Combine(work, "Directory.Packages.props"), "<Project />");
            await Processes.RequireAsync(work, "dotnet", "restore", "packages.csproj");
            var folder = await Processes.RequireAsync(
                work, "dotnet", "nuget", "locals", "global-packages", "--list", "--force-english-output");
            return folder[(folder.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // The restore in the container says what is wrong with the file.
    private static IEnumerable<XElement> VersionsIn(string file)
    {
        try
        {
            return XDocument.Load(file).Descendants("PackageVersion");
        }
        catch (Exception exception) when (exception is XmlException or FileNotFoundException)
        {
            return [];
        }
    }
}
