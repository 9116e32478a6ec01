using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace Acme.Shop.Core.Http;

/// <summary>The <c>Link</c> header of a page (RFC 8288).</summary>
public static class PageLinks
{
    /// <summary>Adds links to the next and the previous page.</summary>
    /// <param name="filters">
    /// The other validated parameters of the list. Unknown parameters are not repeated, so that a caller cannot make
    /// the header larger than a proxy accepts.
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

        // No page can begin after the largest value of the parameter.
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

/// <summary>A position in a list that is ordered by id, as opaque text.</summary>
public static class PageCursor
{
    public static string Encode(long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Accepts only what <see cref="Encode"/> returns for ids from 0: no padding, no white space.</summary>
    public static bool TryDecode(string cursor, out long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        id = 0;
        return Base64Url.IsValid(cursor)
            && Base64Url.TryDecodeFromChars(cursor, bytes, out var length)
            && length == sizeof(long)
            && BinaryPrimitives.TryReadInt64BigEndian(bytes, out id)
            && id >= 0
            && cursor == Encode(id);
    }
}

/// <summary>Accepts only a cursor that this API returned.</summary>
public sealed class CursorAttribute() : ValidationAttribute("The {0} field must be the nextCursor of a page.")
{
    public override bool IsValid(object? value) => value is not string cursor || PageCursor.TryDecode(cursor, out _);
}
