using System.Diagnostics;
using System.Text.RegularExpressions;

/// <summary>The command line.</summary>
public static partial class Command
{
    private const string Usage = """
        dotnet run --file review/grade.cs -- hand-out FOLDER                 makes the repository for one candidate
        dotnet run --file review/grade.cs -- PATH_OR_URL --id C-017          grades what a candidate handed in
        dotnet run --file review/grade.cs -- self-test [--only A,B]          grades the reference and each mutant

        --output FOLDER   where the results go (results/C-017)
        --trusted         without a container: only for code that you would run on your machine anyway
        --running URL     checks what you have started yourself, in any language, and builds nothing (two instances: URL,URL)
        --image NAME      the image of the container (mcr.microsoft.com/dotnet/sdk:10.0)
        """;

    private static readonly string[] Flags = ["--id", "--output", "--trusted", "--running", "--image", "--only"];

    public static async Task<int> RunAsync(string[] args)
    {
        var words = new List<string>();
        var flags = new Dictionary<string, string>();
        for (var index = 0; index < args.Length; index++)
        {
            if (!args[index].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(args[index]);
            }
            else
            {
                flags[args[index]] = args[index] == "--trusted" ? "" : index + 1 < args.Length ? args[++index] : "";
            }
        }

        if (flags.Keys.Except(Flags).FirstOrDefault() is { } unknown)
        {
            return Fail($"{unknown} is not known.");
        }

        var kit = Kit.Find();
        try
        {
            switch (words)
            {
                case ["hand-out", var folder]:
                    return await HandOutAsync(kit, Path.GetFullPath(folder));
                case ["self-test"]:
                    await using (var selfTest = await SelfTest.OpenAsync(kit))
                    {
                        return await selfTest.RunAsync(flags.GetValueOrDefault("--only")?.Split(','), Console.WriteLine) == 0 ? 0 : 1;
                    }

                case [var submission]:
                    var id = flags.GetValueOrDefault("--id") ?? "";
                    if (!Id().IsMatch(id))
                    {
                        return Fail("--id is needed: letters, digits and dashes, and no name of a person.");
                    }

                    var watch = Stopwatch.StartNew();
                    await using (var sandbox = await Sandboxes.CreateAsync(flags, kit.Instances))
                    {
                        var output = flags.GetValueOrDefault("--output") ?? Path.Combine(kit.Root, "results", id);
                        var grade = await new Grader(kit, sandbox, Console.WriteLine).GradeAsync(submission);
                        Report.Write(kit, grade, id, output);
                        Console.WriteLine($"{grade.Summary} ({watch.Elapsed.TotalSeconds:0} s). The results are in {output}");
                    }

                    return 0;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }
        catch (GradingException exception)
        {
            return Fail(exception.Message);
        }
    }

    private static async Task<int> HandOutAsync(Kit kit, string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new GradingException($"{folder} is not empty.");
        }

        var baseline = await Baseline.CreateAsync(kit, folder);
        Console.WriteLine($"{folder} is the repository of one candidate. Its first commit is {baseline}.");
        Console.WriteLine("The commit depends on the files of handout/ alone: do not change them until the last submission is graded.");
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,40}$")]
    private static partial Regex Id();
}

/// <summary>What stops the grading and is no fault of the submission, with what to do.</summary>
public sealed class GradingException(string message) : Exception(message);

/// <summary>The folder that holds <c>handout</c> and <c>review</c>.</summary>
public sealed record Kit(string Root)
{
    public string Handout => Path.Combine(Root, "handout");

    public string Review => Path.Combine(Root, "review");

    /// <value>The name of the project.</value>
    public string Name => Path.GetFileNameWithoutExtension(Directory.GetFiles(Handout, "*.slnx").Single());

    /// <value>How many instances the checks need: two, where the handout has a program that starts them.</value>
    public int Instances => File.Exists(Path.Combine(Handout, "checks", "instances.cs")) ? 2 : 1;

    public static Kit Find([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        new(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..")));
}
