using System.Net;
using Acme.Shop.Core.Files;
using Acme.Shop.Services;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>Images and attachments whose store fails, and files that a crash has left in it.</summary>
public sealed class FileStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder _uploads = new();
    private readonly ApiFactory _api = new();

    public ValueTask InitializeAsync() => _api.With("Uploads:Path", _uploads.Path).InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _uploads.Dispose();
    }

    [Fact]
    public async Task A_store_that_fails_is_503_and_leaves_no_row()
    {
        var store = new BrokenStore();
        await using var broken = await new ApiFactory().With("Uploads:Path", _uploads.Path).Replace<IFileStore>(store).StartAsync();
        var client = await broken.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        await (await client.AttachAsync(product, (Images.Png(), "x.png"))).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        await (await client.PutImageAsync(product, Images.Png())).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(0, (await client.GetJsonAsync(product + "/attachments")).GetArrayLength());
        Assert.Equal(2, store.Deleted.Count);
        Assert.Empty(_uploads.Files);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_not_found()
    {
        var client = await _api.CreateWriterAsync();
        var address = (await client.AttachAsync(await client.CreateProductAsync(), (Images.Pdf(), "a.pdf"))).Headers.Location;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);

        File.Delete(Assert.Single(_uploads.Files));

        await (await client.GetAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_sweep_deletes_what_no_row_refers_to_after_an_hour()
    {
        var client = await _api.CreateWriterAsync();
        var product = await client.CreateProductAsync();
        await client.PutImageAsync(product, Images.Png());
        await client.AttachAsync(product, (Images.Pdf(), "a.pdf"));
        var used = _uploads.Files;
        var orphan = Path.Combine(_uploads.Path, $"{Guid.CreateVersion7():N}.pdf");
        var foreign = Path.Combine(_uploads.Path, "notes.pdf");
        await File.WriteAllTextAsync(orphan, "");
        await File.WriteAllTextAsync(foreign, "");
        var sweep = _api.Services.GetRequiredService<FileSweep>();

        await sweep.SweepAsync(CancellationToken.None);
        Assert.Equal([.. used.Append(orphan).Append(foreign).Order()], _uploads.Files.Order());

        _api.Time.Advance(TimeSpan.FromMinutes(61));
        await Task.WhenAll(sweep.SweepAsync(CancellationToken.None), sweep.SweepAsync(CancellationToken.None));
        Assert.Equal([.. used.Append(foreign).Order()], _uploads.Files.Order());
    }

    [Fact]
    public async Task The_sweep_runs_five_minutes_after_the_start_and_then_every_hour()
    {
        var orphan = Path.Combine(_uploads.Path, $"{Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(-2)):N}.pdf");
        await File.WriteAllTextAsync(orphan, "");
        var time = new ManualTimer();
        using var sweep = ActivatorUtilities.CreateInstance<FileSweep>(_api.Services, time);

        await sweep.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => time.Period == TimeSpan.FromMinutes(5));
        time.Fire();

        await Eventually.HoldsAsync(() => !File.Exists(orphan));
        Assert.Equal(TimeSpan.FromHours(1), time.Period);
        await sweep.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_file_that_cannot_be_deleted_is_logged()
    {
        using var log = new LogRecorder();
        await using var own = new ApiFactory().With("Uploads:Path", _uploads.Path).LogTo(log);
        await own.InitializeAsync();
        Directory.CreateDirectory(Path.Combine(_uploads.Path, "folder.png"));

        await own.Services.GetRequiredService<IFileStore>().DeleteAsync("folder.png");

        Assert.Single(log.Lines, line => line.Message.Contains("folder.png could not be deleted", StringComparison.Ordinal));
    }

    private sealed class ManualTimer : TimeProvider, ITimer
    {
        private Action _elapse = () => { };

        public TimeSpan Period { get; private set; }

        public void Fire() => _elapse();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_elapse, Period) = (() => callback(state), period);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => (Period = period) == period;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class BrokenStore : IFileStore
    {
        public List<string?> Deleted { get; } = [];

        public Task StoreAsync(TemporaryFile file, string name, CancellationToken cancellationToken) =>
            throw new FileStoreException(new IOException("away"));

        public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => throw new FileStoreException(new IOException("away"));

        public Task DeleteAsync(string? name)
        {
            Deleted.AddRange(name is null ? [] : [name]);
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<string>();

        public Task CheckAsync(CancellationToken cancellationToken) => throw new FileStoreException(new IOException("away"));
    }
}
