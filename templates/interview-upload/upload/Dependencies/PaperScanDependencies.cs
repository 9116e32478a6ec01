using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>Where uploaded paper scans are stored, and how large one may be.</summary>
public sealed class PaperScanOptions
{
    public const string Section = "PaperScans";

    /// <value>A folder that all instances share, and Git ignores. It may be relative to the working folder.</value>
    [Required]
    public string Path { get; set; } = "paper-scans";

    /// <value>The maximum size of a paper scan in bytes. The default is 10 MiB.</value>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 10 * 1024 * 1024;
}

/// <summary>Uploaded paper scans.</summary>
public static class PaperScanDependencies
{
    public static void AddPaperScans(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PaperScanOptions>().BindSection(PaperScanOptions.Section).Validate(
            options => PaperScanFiles.CanWriteTo(options.Path), "PaperScans__Path: Files cannot be written to this folder.");
        services.AddSingleton<PaperScanFiles>();
    }
}
