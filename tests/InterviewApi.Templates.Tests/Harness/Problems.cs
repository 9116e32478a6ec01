namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Assertions over lists of problems: the message shows them, and how many more there are.</summary>
internal static class Problems
{
    private const int Shown = 60;

    public static void AssertNone(IReadOnlyCollection<string> problems, string advice = "")
    {
        if (problems.Count > 0)
        {
            var more = problems.Count > Shown ? $"\n… and {problems.Count - Shown} more" : "";
            Assert.Fail($"{problems.Count} problems. {advice}\n{string.Join('\n', problems.Take(Shown))}{more}");
        }
    }
}
