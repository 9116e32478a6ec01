using Acme.Shop.Api;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Files;

namespace Acme.Shop.Dependencies;

/// <summary>Uploads of images. An unusable folder stops the start of the API, but no other command.</summary>
public static class UploadDependencies
{
    public static void AddUploads(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UploadOptions>().BindSection(UploadOptions.Section);
        services.AddSingleton<ImageFiles>();
        services.AddHostedService(provider => provider.GetRequiredService<ImageFiles>());
        services.AddSingleton<ImageUploadReader>();
    }
}
