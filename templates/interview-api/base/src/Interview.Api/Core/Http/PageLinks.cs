using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace InterviewApi.Core.Http;

/// <summary>The <c>Link</c> header of a page (RFC 8288).</summary>
public static class PageLinks
{
    /// <summary>Links the next and the previous page.</summary>
    /// <param name="filters">
    /// The other parameters of the list, validated. Parameters that the endpoint does not know are not repeated, so
    /// that a caller cannot make the header larger than a proxy accepts.
    /// </param>
    public static void Write(
        HttpContext context, int skip, int limit, bool hasNext, params ReadOnlySpan<(string Name, string? Value)> filters)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in filters)
        {
            if (value is not null)
            {
                query.Add(name, value);
            }
        }

        // No page can begin after the largest number that the parameter takes.
        if (hasNext && skip <= int.MaxValue - limit)
        {
            Append(context, query, skip + limit, limit, "next");
        }

        if (skip > 0)
        {
            Append(context, query, Math.Max(0, skip - limit), limit, "prev");
        }
    }

    private static void Append(HttpContext context, QueryBuilder filters, int skip, int limit, string relation)
    {
        var query = new QueryBuilder(filters)
        {
            { "skip", skip.ToString(CultureInfo.InvariantCulture) },
            { "limit", limit.ToString(CultureInfo.InvariantCulture) },
        };
        var target = UriHelper.BuildRelative(context.Request.PathBase, context.Request.Path, query.ToQueryString());
        context.Response.Headers.Append("Link", $"<{target}>; rel=\"{relation}\"");
    }
}
