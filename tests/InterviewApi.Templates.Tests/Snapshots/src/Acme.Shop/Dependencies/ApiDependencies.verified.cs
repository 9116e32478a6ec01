using System.Text.Json.Serialization;
using Acme.Shop.Middleware;
using Microsoft.AspNetCore.Routing.Matching;

namespace Acme.Shop.Dependencies;

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
    private sealed class CanonicalLongConstraint : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
    {
        public bool Match(
            HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            values.TryGetValue(routeKey, out var value)
            && MatchesLiteral(routeKey, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");

        public bool MatchesLiteral(string parameterName, string literal) =>
            literal is "0" or [>= '1' and <= '9', ..] && long.TryParse(literal, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
