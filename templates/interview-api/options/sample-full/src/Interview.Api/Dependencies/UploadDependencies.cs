using InterviewApi.Api;
using InterviewApi.Core.Files;

namespace InterviewApi.Dependencies;

/// <summary>Uploads of images. An unusable folder stops the start of the API, but no other command.</summary>
public static class UploadDependencies
{
    public static void AddUploads(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UploadOptions>().BindSection("Uploads");
        services.AddSingleton<ImageFiles>();
        services.AddHostedService(provider => provider.GetRequiredService<ImageFiles>());
        services.AddSingleton<ImageUploadReader>();
    }
}
