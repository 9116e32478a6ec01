using System.Text;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>Takes out of approved output what changes without a change of the template's shape: the versions of packages.</summary>
internal static partial class Scrubber
{
    public static byte[] Scrub(string path, byte[] content) => Path.GetFileName(path) is "Directory.Packages.props"
        ? Encoding.UTF8.GetBytes(Version().Replace(Encoding.UTF8.GetString(content), "Version=\"{version}\""))
        : RemoveFlags(path, content);

    /// <summary>A project records the flags that it was made with: for each combination another line, of one file.</summary>
    public static byte[] RemoveFlags(string path, byte[] content) => Path.GetExtension(path) == ".csproj"
        ? Encoding.UTF8.GetBytes(Flags().Replace(Encoding.UTF8.GetString(content), "{flags}"))
        : content;

    [GeneratedRegex("(?<=<PackageVersion .*)Version=\"[^\"]*\"")]
    private static partial Regex Version();

    [GeneratedRegex("(?<=<TemplateFlags>)[^<]*")]
    private static partial Regex Flags();
}
