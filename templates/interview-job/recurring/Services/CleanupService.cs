namespace InterviewApi.Services;

/// <summary>The cleanup.</summary>
public class CleanupService
{
    /// <summary>Does the work once. Add the repositories and services that it needs to the constructor.</summary>
    public virtual Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
