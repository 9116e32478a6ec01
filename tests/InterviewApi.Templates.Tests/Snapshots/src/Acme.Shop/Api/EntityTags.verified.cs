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

    /// <summary>Whether <c>If-None-Match</c> says that the client has this version already.</summary>
    public static bool IsKnownToClient(HttpRequest request, int version)
    {
        if (request.Headers.IfNoneMatch.Count == 0)
        {
            return false;
        }

        var current = new EntityTagHeaderValue(Format(version));
        return request.GetTypedHeaders().IfNoneMatch
            .Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));
    }

    /// <summary>The versions that <c>If-Match</c> allows to change. A header that cannot be read allows none.</summary>
    public static VersionCondition ReadCondition(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return VersionCondition.Any;
        }

        var tags = request.GetTypedHeaders().IfMatch;
        return tags.Contains(EntityTagHeaderValue.Any)
            ? VersionCondition.Any
            : VersionCondition.OneOf([.. tags.Where(tag => !tag.IsWeak).SelectMany(VersionOf)]);
    }

    private static string Format(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static IEnumerable<int> VersionOf(EntityTagHeaderValue tag) =>
        int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? [version]
            : [];
}
