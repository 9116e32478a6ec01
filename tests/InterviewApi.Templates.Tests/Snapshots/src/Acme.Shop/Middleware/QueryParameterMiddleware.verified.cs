using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace Acme.Shop.Middleware;

/// <summary>Lets a query name the values of an enum in any case, as JSON does, and refuses text that is repeated.</summary>
// The framework's own binding is case-sensitive, accepts numbers, and adds up or joins repeated values.
public sealed class QueryParameterMiddleware(RequestDelegate next)
{
    /// <exception cref="InvalidRequestException">A value is not a name of the enum, or one value is expected and there are more.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.QueryString.HasValue)
        {
            var isRepeated = request.Query.Any(value => value.Value.Count > 1);
            foreach (var parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
            {
                var elementType = parameter.ParameterInfo.ParameterType.GetElementType();
                var type = elementType ?? parameter.ParameterInfo.ParameterType;
                type = Nullable.GetUnderlyingType(type) ?? type;
                if (type.IsEnum || (isRepeated && type == typeof(string)))
                {
                    var source = parameter.ParameterInfo.GetCustomAttributes().OfType<IFromQueryMetadata>().FirstOrDefault();
                    Check(request, source?.Name ?? parameter.Name, type, isList: elementType is not null);
                }
            }
        }

        return next(context);
    }

    private static void Check(HttpRequest request, string parameter, Type type, bool isList)
    {
        var values = request.Query[parameter];
        if (values.Count > 1 && !isList)
        {
            throw new InvalidRequestException(new() { [parameter] = ["Only one value is expected."] });
        }

        if (type.IsEnum && !StringValues.IsNullOrEmpty(values))
        {
            var names = values.Select(value =>
                EnumNameConverter.FindName(type, value) ?? throw new InvalidRequestException(new() { [parameter] = ["The value is not valid."] }));
            request.Query = new QueryCollection(new Dictionary<string, StringValues>(request.Query, StringComparer.OrdinalIgnoreCase)
            {
                [parameter] = names.ToArray(),
            });
        }
    }
}
