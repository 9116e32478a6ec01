using Acme.Shop.Api;
using Acme.Shop.Core.Files;
using Acme.Shop.Repositories;
using Acme.Shop.Services;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Dependencies;

/// <summary>Where uploaded files are received and stored, and how large they may be.</summary>
public sealed class UploadOptions : IValidatableObject
{
    /// <value>A folder, which all instances share unless files are stored elsewhere.</value>
    [Required]
    public string Path { get; set; } = "uploads";

    /// <value>The maximum size of a file in bytes. The default is 10 MiB.</value>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <value>The maximum size of a request with several files, in bytes. The default is 50 MiB.</value>
    [Range(1, int.MaxValue)]
    public int MaxRequestBytes { get; set; } = 50 * 1024 * 1024;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxRequestBytes < MaxBytes)
        {
            yield return new("A request must not be smaller than a file, which Uploads__MaxBytes limits.", [nameof(MaxRequestBytes)]);
        }
    }
}

/// <summary>An S3-compatible object store. Without a bucket, files are stored in the folder of uploads.</summary>
public sealed class S3Options : IValidatableObject
{
    public string Bucket { get; set; } = "";

    /// <value>The address of a service other than AWS, such as <c>https://minio.example.com</c>.</value>
    public string ServiceUrl { get; set; } = "";

    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <value>Whether the bucket is in the path instead of the host name. By default only for services other than AWS.</value>
    public bool? UsePathStyle { get; set; }

    /// <value>The prefix of all object names. Nothing else may store files under it.</value>
    public string Prefix { get; set; } = "uploads/";

    /// <value>Without it, the SDK looks for credentials, for example those of the role of the machine.</value>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <value>The time limit of one of the two attempts of a call, and of a pause in a download.</value>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceUrl.Length > 0 && !(Uri.TryCreate(ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return new("This is not the address of a service, such as https://minio.example.com.", [nameof(ServiceUrl)]);
        }

        if (ServiceUrl.Length > 0 && Bucket.Length == 0)
        {
            yield return new("A service needs a bucket.", [nameof(Bucket)]);
        }

        if (AccessKey.Length > 0 != SecretKey.Length > 0)
        {
            yield return new("Set both keys or none.", [AccessKey.Length > 0 ? nameof(SecretKey) : nameof(AccessKey)]);
        }
    }
}

/// <summary>Uploads of files, and the store that the settings choose. An unusable folder stops the start of the API.</summary>
public static class UploadDependencies
{
    public static void AddUploads(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UploadOptions>().BindSection("Uploads");
        services.AddOptionsWithValidateOnStart<S3Options>().BindSection("Storage:S3");
        services.AddSingleton<IFileStore>(provider => provider.GetRequiredService<IOptions<S3Options>>().Value.Bucket.Length == 0
            ? ActivatorUtilities.CreateInstance<LocalFileStore>(provider)
            : ActivatorUtilities.CreateInstance<S3FileStore>(provider));
        services.AddHealthChecks().AddCheck<FileStoreHealthCheck>(
            "files", HealthStatus.Degraded, tags: [], timeout: TimeSpan.FromSeconds(2));
        services.AddSingleton<FileSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<FileSweep>());
        services.AddSingleton<UploadFolder>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadFolder>());
        services.AddSingleton<UploadReader>();
        services.AddScoped<ProductAttachmentRepository>();
        services.AddScoped<ProductAttachmentService>();
    }

    /// <summary>Degraded while the store does not answer: only the requests for files need it.</summary>
    private sealed class FileStoreHealthCheck(IFileStore files) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await files.CheckAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (FileStoreException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus);
            }
        }
    }
}
