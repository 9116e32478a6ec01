using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace Acme.Shop.Middleware;

/// <summary>Lets a query name the values of an enum in any case, as JSON does.</summary>
// The framework's own binding distinguishes upper and lower case, and accepts numbers.
public sealed class EnumQueryMiddleware(RequestDelegate next)
{
    /// <exception cref="InvalidRequestException">A value is not a name of the enum.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.QueryString.HasValue)
        {
            foreach (var parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
            {
                var type = parameter.ParameterInfo.ParameterType.GetElementType() ?? parameter.ParameterInfo.ParameterType;
                type = Nullable.GetUnderlyingType(type) ?? type;
                if (type.IsEnum)
                {
                    var source = parameter.ParameterInfo.GetCustomAttributes().OfType<IFromQueryMetadata>().FirstOrDefault();
                    SpellNames(request, source?.Name ?? parameter.Name, type);
                }
            }
        }

        return next(context);
    }

    private static void SpellNames(HttpRequest request, string parameter, Type type)
    {
        if (request.Query.TryGetValue(parameter, out var values) && !StringValues.IsNullOrEmpty(values))
        {
            var names = values.Select(value =>
                Array.Find(Enum.GetNames(type), name => name.Equals(value, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidRequestException(new() { [parameter] = ["The value is not valid."] }));
            request.Query = new QueryCollection(new Dictionary<string, StringValues>(request.Query, StringComparer.OrdinalIgnoreCase)
            {
                [parameter] = names.ToArray(),
            });
        }
    }
}
