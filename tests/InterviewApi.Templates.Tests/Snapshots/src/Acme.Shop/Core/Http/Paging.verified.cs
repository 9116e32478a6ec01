using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Acme.Shop.Core.Http;

/// <summary>A page by offset. A list binds it with <c>[AsParameters]</c>.</summary>
public sealed record Paging(
    [FromQuery(Name = "skip")]
    [property: Range(0, int.MaxValue), Description("The number of items to skip.")]
    int Skip = 0,
    [FromQuery(Name = "limit")]
    [property: Range(1, Paging.MaxLimit), Description("The maximum number of items to return.")]
    int Limit = Paging.DefaultLimit)
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;
}

/// <summary>A page by the position of the previous one. A list binds it with <c>[AsParameters]</c>.</summary>
public sealed record CursorPaging(
    [FromQuery(Name = "cursor")]
    [property: Cursor, Description("The nextCursor of the previous page; without it, the first page.")]
    string? Cursor = null,
    [FromQuery(Name = "limit")]
    [property: Range(1, Paging.MaxLimit), Description("The maximum number of items to return.")]
    int Limit = Paging.DefaultLimit)
{
    /// <summary>Returns the id that the page begins after; 0 for the first page.</summary>
    public long GetStart() => Cursor is not null && PageCursor.TryDecode(Cursor, out var id) ? id : 0;
}

/// <summary>The <c>Link</c> header of a page (RFC 8288).</summary>
public static class PageLinks
{
    /// <summary>Adds links to the next and the previous page.</summary>
    /// <param name="filters">The other validated parameters. Unknown ones could make the header larger than a proxy accepts.</param>
    public static void Write(
        HttpContext context, Paging paging, bool hasNext, params ReadOnlySpan<(string Name, string? Value)> filters)
    {
        var (skip, limit) = paging;
        var list = context.Request.PathBase.Add(context.Request.Path).ToUriComponent();
        foreach (var (name, value) in filters)
        {
            list = value is null ? list : QueryHelpers.AddQueryString(list, name, value);
        }

        // No page can begin after the largest value of the parameter.
        if (hasNext && skip <= int.MaxValue - limit)
        {
            Append(skip + limit, "next");
        }

        if (skip > 0)
        {
            Append(Math.Max(0, skip - limit), "prev");
        }

        void Append(int start, string relation) => context.Response.Headers.Append(
            "Link", $"<{list}{(list.Contains('?') ? '&' : '?')}skip={start}&limit={limit}>; rel=\"{relation}\"");
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
        var isPosition = Base64Url.IsValid(cursor, out var length) && length == sizeof(long);
        id = isPosition ? BinaryPrimitives.ReadInt64BigEndian(Base64Url.DecodeFromChars(cursor)) : -1;
        return id >= 0 && cursor == Encode(id);
    }
}

/// <summary>Accepts only a cursor that this API returned.</summary>
public sealed class CursorAttribute() : ValidationAttribute("The {0} field must be the nextCursor of a page.")
{
    public override bool IsValid(object? value) => value is not string cursor || PageCursor.TryDecode(cursor, out _);
}
