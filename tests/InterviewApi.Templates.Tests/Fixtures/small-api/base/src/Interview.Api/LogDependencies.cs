namespace InterviewApi.Dependencies;

/// <summary>Logs.</summary>
public static class LogDependencies
{
    /// <summary>One line for each event.</summary>
    public static void AddLogs(this WebApplicationBuilder builder) => builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
}
