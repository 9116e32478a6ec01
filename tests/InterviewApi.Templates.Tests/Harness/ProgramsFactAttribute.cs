namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that needs programs on the PATH. It is skipped, with the reason, where one is missing; never under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramsFactAttribute : FactAttribute
{
    public ProgramsFactAttribute(params string[] programs)
    {
        var missing = programs.Where(program => !Requires.IsOnPath(program)).ToArray();
        if (missing.Length > 0 && !Suite.IsContinuousIntegration)
        {
            Skip = $"not installed: {string.Join(", ", missing)}";
        }
    }
}
