using InterviewApi.Core.Files;

namespace InterviewApi.Services;

/// <summary>Deletes the files that a crash has left in the store, once an hour.</summary>
// It deletes only files whose names the server chose at least an hour ago and that no row refers to. No row will: a
// name is stored in a row right after it is chosen. So several instances can sweep at once.
public sealed class FileSweep(
    IFileStore files, IServiceScopeFactory scopes, TimeProvider time, ILogger<FileSweep> logger) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var batch = new List<string>(BatchSize);
        await foreach (var name in files.ListAsync(cancellationToken))
        {
            if (time.GetUtcNow() - FileNames.TimeOf(name) > UploadFolder.AbandonedAfter)
            {
                batch.Add(name);
            }

            if (batch.Count == BatchSize)
            {
                await DeleteUnusedAsync(batch, cancellationToken);
                batch.Clear();
            }
        }

        await DeleteUnusedAsync(batch, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FirstAfter, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            timer.Period = Interval;
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "Unused files could not be searched. The next attempt is in an hour.");
            }
        }
    }

    private async Task DeleteUnusedAsync(List<string> names, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ProductAttachmentService>().DeleteUnusedAsync(names, cancellationToken);
    }
}
