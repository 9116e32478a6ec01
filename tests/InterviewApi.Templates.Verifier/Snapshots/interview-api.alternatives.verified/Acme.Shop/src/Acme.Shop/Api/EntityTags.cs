using System.Globalization;
using Acme.Shop.Services;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Api;

/// <summary>Strong entity tags made of a version number, and the conditions on them (RFC 9110 section 13).</summary>
public static class EntityTags
{
    /// <summary>Tags the response, which clients may keep but must check before each use.</summary>
    public static void Write(HttpResponse response, int version)
    {
        response.Headers.ETag = Format(version);
        response.Headers.CacheControl = "no-cache";
    }

    /// <summary>Whether an <c>If-None-Match</c> header says that the client has this version already.</summary>
    public static bool IsKnownToClient(string? ifNoneMatch, int version)
    {
        if (!TryParse(ifNoneMatch, out var tags))
        {
            return false;
        }

        var current = new EntityTagHeaderValue(Format(version));
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));
    }

    /// <summary>The versions that an <c>If-Match</c> header allows to change. One that cannot be read allows none.</summary>
    public static VersionCondition ToCondition(string? ifMatch)
    {
        if (string.IsNullOrEmpty(ifMatch))
        {
            return VersionCondition.Any;
        }

        if (!TryParse(ifMatch, out var tags))
        {
            return VersionCondition.OneOf();
        }

        return tags.Contains(EntityTagHeaderValue.Any)
            ? VersionCondition.Any
            : VersionCondition.OneOf([.. tags.Where(tag => !tag.IsWeak).SelectMany(VersionOf)]);
    }

    private static bool TryParse(string? header, out IList<EntityTagHeaderValue> tags)
    {
        tags = [];
        return !string.IsNullOrEmpty(header) && EntityTagHeaderValue.TryParseList([header], out tags!);
    }

    private static string Format(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static IEnumerable<int> VersionOf(EntityTagHeaderValue tag) =>
        int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? [version]
            : [];
}
