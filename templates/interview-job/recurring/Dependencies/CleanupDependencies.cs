using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>When the cleanup runs.</summary>
public sealed class CleanupOptions
{
    public const string Section = "Cleanup";

    /// <value>The time between two runs, in minutes. The default is an hour.</value>
    [Range(1, 7 * 24 * 60)]
    public int IntervalMinutes { get; set; } = 60;
}

/// <summary>The cleanup, which runs at an interval.</summary>
public static class CleanupDependencies
{
    public static void AddCleanup(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CleanupOptions>().BindSection(CleanupOptions.Section);
        services.AddScoped<CleanupService>();
        services.AddHostedService<CleanupJob>();
    }
}
