using Acme.Shop.Api;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Files;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Dependencies;

/// <summary>Uploads of images.</summary>
public static class UploadDependencies
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UploadOptions>().BindSection(UploadOptions.Section);
        services.AddSingleton<ImageFiles>();
        services.AddSingleton<ImageUploadReader>();
        services.AddHostedService<FolderCheck>();
        return services;
    }

    /// <summary>Fails the start if the upload folder cannot be used. Other commands do not need the folder.</summary>
    private sealed class FolderCheck(ImageFiles files) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            try
            {
                await files.PrepareAsync();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new OptionsValidationException(
                    UploadOptions.Section,
                    typeof(UploadOptions),
                    [$"Uploads__Path: Files cannot be written to this folder: {exception.Message}"]);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
