using System.Buffers.Binary;
using System.Buffers.Text;

namespace InterviewApi.Core.Http;

/// <summary>A position in a list that is ordered by id, as opaque text.</summary>
public static class PageCursor
{
    public static string Encode(long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Accepts exactly what <see cref="Encode"/> returns for an id: no padding, no white space, no negative number.</summary>
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
