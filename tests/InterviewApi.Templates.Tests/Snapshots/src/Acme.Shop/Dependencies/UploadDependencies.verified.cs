using Acme.Shop.Api;
using Acme.Shop.Core.Files;
using Acme.Shop.Repositories;
using Acme.Shop.Services;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Acme.Shop.Dependencies;

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
