using System.Text.Json.Serialization;
using Acme.Shop.Core.Configuration;

namespace Acme.Shop.Dependencies;

/// <summary>How requests and responses are read and written.</summary>
public static class ApiDependencies
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddCheckedOptions<VersionOptions>(VersionOptions.Section);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        return services;
    }
}
