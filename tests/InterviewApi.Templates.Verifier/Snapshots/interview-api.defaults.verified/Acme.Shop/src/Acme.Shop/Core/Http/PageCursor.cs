using System.Buffers.Binary;
using System.Buffers.Text;

namespace Acme.Shop.Core.Http;

/// <summary>The position behind a row in a list that is ordered by id, as text that clients do not take apart.</summary>
public static class PageCursor
{
    public static string Encode(long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryDecode(string cursor, out long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        id = 0;
        return Base64Url.IsValid(cursor)
            && Base64Url.TryDecodeFromChars(cursor, bytes, out var length)
            && length == sizeof(long)
            && BinaryPrimitives.TryReadInt64BigEndian(bytes, out id);
    }
}
