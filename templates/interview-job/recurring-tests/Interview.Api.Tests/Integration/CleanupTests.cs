using InterviewApi.Dependencies;
using InterviewApi.Services;
using InterviewApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace InterviewApi.Tests.Integration;

public sealed class CleanupTests
{
    [Fact]
    public async Task It_is_part_of_the_application_and_runs()
    {
        var log = new LogRecorder();
        await using var api = new ApiFactory().With("Logging:LogLevel:Default", "Information").LogTo(log);

        var job = api.Services.GetServices<IHostedService>().OfType<CleanupJob>().SingleOrDefault();
        Assert.True(job is not null, "Program.cs lacks: builder.Services.AddCleanup();");
        await job.RunAsync(TestContext.Current.CancellationToken);

        Assert.Contains(log.Lines, line => line.Message.StartsWith("The cleanup has run.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_run_is_logged_and_ends_nothing()
    {
        var log = new LogRecorder();
        await using var api = new ApiFactory().LogTo(log).Replace<CleanupService>(new FailingService());
        var job = api.Services.GetServices<IHostedService>().OfType<CleanupJob>().Single();

        await job.RunAsync(TestContext.Current.CancellationToken);

        Assert.Single(
            log.Lines, line => line.Level == LogLevel.Error && line.Message.StartsWith("The cleanup failed.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("often")]
    public void A_wrong_interval_is_reported_by_its_name(string value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration["Cleanup:IntervalMinutes"] = value;
        builder.Services.AddCleanup();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith("Cleanup__IntervalMinutes: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private sealed class FailingService : CleanupService
    {
        public override Task RunAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("It fails.");
    }
}
