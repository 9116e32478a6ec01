using System.Text.Json.Serialization;
using InterviewApi.Middleware;
using Microsoft.AspNetCore.Routing.Constraints;

namespace InterviewApi.Dependencies;

/// <summary>JSON and routing settings of requests and responses.</summary>
public static class ApiDependencies
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddValidation();
        services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<CanonicalLongConstraint>("long"));
        services.AddOptionsWithValidateOnStart<VersionOptions>().BindSection("ApiVersions:V1");
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.Converters.Add(new EnumNameConverter());
        });
    }

    // One URL per resource: the framework's own constraint accepts +1 and 01 as 1.
    private sealed class CanonicalLongConstraint() : CompositeRouteConstraint(
        [new RegexRouteConstraint(@"\A(0|[1-9][0-9]*)\z"), new LongRouteConstraint()]);
}
