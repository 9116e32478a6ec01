namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// A folder of this run, outside the repository. <see cref="CleanUp"/> deletes all of them at the end; KEEP=1 keeps them.
/// </summary>
internal sealed class TemporaryFolder
{
    private static readonly Lazy<string> Root = new(Create);

    public TemporaryFolder(string name)
    {
        Path = System.IO.Path.Combine(Root.Value, name);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public static void DeleteAll()
    {
        if (Root.IsValueCreated && Environment.GetEnvironmentVariable("KEEP") != "1" && Directory.Exists(Root.Value))
        {
            try
            {
                Directory.Delete(Root.Value, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"{Root.Value} could not be deleted: {exception.Message}");
            }
        }
    }

    private static string Create()
    {
        var root = Directory.CreateTempSubdirectory("interview-api-tests-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // Servers that refuse root run as another user and must be able to reach their folders below this one.
            File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
        }

        return root;
    }
}
