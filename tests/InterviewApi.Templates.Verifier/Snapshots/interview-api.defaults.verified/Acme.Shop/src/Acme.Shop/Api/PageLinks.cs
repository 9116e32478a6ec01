using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace Acme.Shop.Api;

/// <summary>The <c>Link</c> header of a page (RFC 8288), with all other query parameters kept.</summary>
public static class PageLinks
{
    public static void Write(HttpContext context, int skip, int limit, bool hasNext)
    {
        // No page can begin behind the largest number that the parameter takes.
        if (hasNext && skip <= int.MaxValue - limit)
        {
            Append(context, skip + limit, limit, "next");
        }

        if (skip > 0)
        {
            Append(context, Math.Max(0, skip - limit), limit, "prev");
        }
    }

    private static void Append(HttpContext context, int skip, int limit, string relation)
    {
        var request = context.Request;
        var query = new QueryBuilder(request.Query.Where(pair =>
            !pair.Key.Equals("skip", StringComparison.OrdinalIgnoreCase)
            && !pair.Key.Equals("limit", StringComparison.OrdinalIgnoreCase)))
        {
            { "skip", skip.ToString(CultureInfo.InvariantCulture) },
            { "limit", limit.ToString(CultureInfo.InvariantCulture) },
        };
        var target = UriHelper.BuildRelative(request.PathBase, request.Path, query.ToQueryString());
        context.Response.Headers.Append("Link", $"<{target}>; rel=\"{relation}\"");
    }
}
