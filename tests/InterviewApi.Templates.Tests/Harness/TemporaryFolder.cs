namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A folder of this run, outside the repository. All of them go when the test process ends; KEEP=1 keeps them.</summary>
internal sealed class TemporaryFolder
{
    private static readonly string Root = Create();

    public TemporaryFolder(string name)
    {
        Path = System.IO.Path.Combine(Root, name);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    private static string Create()
    {
        var root = Directory.CreateTempSubdirectory("interview-api-tests-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // Servers that refuse root run as another user and must be able to reach their folders below this one.
            File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            // First, and in little time: what runs the tests does not wait long for this process to end.
            ServerProcess.KillAll();
            if (Environment.GetEnvironmentVariable("KEEP") != "1" && Directory.Exists(root))
            {
                Directory.Delete(root, recursive: true);
            }
        };

        return root;
    }
}
