namespace InterviewApi.Services;

/// <summary>
/// Runs the cleanup at an interval, in every instance of the API: what may happen only once needs a lock in the database.
/// A run that fails is logged, and the next one takes place.
/// </summary>
public sealed partial class CleanupJob(
    IServiceScopeFactory scopes, IOptions<CleanupOptions> options, TimeProvider time, ILogger<CleanupJob> logger)
    : BackgroundService
{
    /// <summary>Runs it once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<CleanupService>().RunAsync(cancellationToken);
            LogRun();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailure(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(options.Value.IntervalMinutes), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RunAsync(stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "The cleanup has run.")]
    private partial void LogRun();

    [LoggerMessage(LogLevel.Error, "The cleanup failed. It runs again after the interval.")]
    private partial void LogFailure(Exception exception);
}
