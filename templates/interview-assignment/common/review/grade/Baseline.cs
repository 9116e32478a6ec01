/// <summary>
/// The first commit of every candidate. Author, time and settings are fixed, so its hash depends only on the files of
/// the handout, and grading makes it again instead of keeping it.
/// </summary>
public static class Baseline
{
    private const string Identity = "Assignment <assignment@invalid>";
    private const string Time = "2026-01-01T00:00:00Z";

    /// <summary>Makes a repository of the handout with one commit.</summary>
    /// <returns>The hash of the commit.</returns>
    public static async Task<string> CreateAsync(Kit kit, string folder)
    {
        Copy(kit.Handout, folder);
        await GitAsync(folder, "init", "--quiet", "--initial-branch=main", "--object-format=sha1", "--template=");
        await GitAsync(folder, "-c", "core.autocrlf=false", "-c", "core.fileMode=false", "-c", "core.excludesFile=", "add", "--all");
        var tree = await GitAsync(folder, "write-tree");
        var seconds = DateTimeOffset.Parse(Time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        var text = $"tree {tree}\nauthor {Identity} {seconds} +0000\ncommitter {Identity} {seconds} +0000\n\nThe assignment\n";
        var file = Path.Combine(folder, ".git", "baseline");
        await File.WriteAllTextAsync(file, text);
        var commit = await GitAsync(folder, "hash-object", "-t", "commit", "-w", file);
        File.Delete(file);
        await GitAsync(folder, "update-ref", "refs/heads/main", commit);
        return commit;
    }

    /// <summary>Copies files without what a build or a checked-out repository leaves behind.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }

        var folders = Directory.EnumerateDirectories(from);
        foreach (var folder in folders.Where(folder => Path.GetFileName(folder) is not ("bin" or "obj" or ".git" or "TestResults")))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    public static Task<string> GitAsync(string folder, params string[] arguments) => Processes.RequireAsync(folder, "git", arguments);
}
