namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Renderings as files, for programs that read files.</summary>
internal static class WrittenRenderings
{
    /// <summary>Writes every distinct rendering of the wanted files, each under a number and its own path.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(string name, Func<string, bool> isWanted)
    {
        var folder = new TemporaryFolder(name).Path;
        var written = new List<string>();
        foreach (var (path, file) in (await Suite.RenderedAsync()).Files.Where(file => isWanted(file.Key)))
        {
            foreach (var (index, content) in file.Contents.Index())
            {
                written.Add(await WriteAsync(Path.Combine(folder, $"{index}"), path, content));
            }
        }

        return written;
    }

    /// <summary>Writes the files of one combination.</summary>
    public static async Task<string> ProjectAsync(string name, int combination)
    {
        var folder = new TemporaryFolder(Path.Combine(name, $"{combination}")).Path;
        foreach (var (path, content) in (await Suite.RenderedAsync()).Project(combination))
        {
            await WriteAsync(folder, path, content);
        }

        return folder;
    }

    private static async Task<string> WriteAsync(string folder, string path, byte[] content)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, content);
        return file;
    }
}
