using System.Globalization;
using System.Text.Json.Serialization;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Middleware;

namespace Acme.Shop.Dependencies;

/// <summary>JSON and routing settings of requests and responses.</summary>
public static class ApiDependencies
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddValidation();
        services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<CanonicalLongConstraint>("long"));
        services.AddOptionsWithValidateOnStart<VersionOptions>().BindSection(VersionOptions.Section);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        });
        return services;
    }

    // One URL per resource: the framework's own constraint accepts +1 and 01 as 1.
    private sealed class CanonicalLongConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection)
        {
            var text = Convert.ToString(values[routeKey], CultureInfo.InvariantCulture);
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number.ToString(CultureInfo.InvariantCulture) == text;
        }
    }
}
