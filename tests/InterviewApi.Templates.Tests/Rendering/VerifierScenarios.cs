using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>The scenarios that the official verifier is given, and the folders that it compares with, in its own layout.</summary>
internal static class VerifierScenarios
{
    /// <summary>Everything at its default, everything off, and the last choice of every option.</summary>
    public static IReadOnlyDictionary<string, Combination> Of(OptionSpace space) => new Dictionary<string, Combination>
    {
        ["defaults"] = space[0],
        ["minimal"] = Choose(space, option => option.Off ?? option.Values[0]),
        ["alternatives"] = Choose(space, option => option.Values.Last(value => value != option.Off)),
    };

    /// <summary>Writes the files of one combination; what was in the folder is gone.</summary>
    public static void Write(RenderingTable table, Combination combination, string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var (path, content) in table.Project(combination.Number))
        {
            var file = Path.Combine(folder, FileName(path));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
    }

    /// <summary>What Verify calls a file: a name without a dot gets an extension.</summary>
    public static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..].Contains('.') ? path : path + ".noextension";

    private static Combination Choose(OptionSpace space, Func<TemplateOption, string> choose) =>
        space.Of([.. space.Options.Select(option => option.Values.ToList().IndexOf(choose(option)))]);
}
