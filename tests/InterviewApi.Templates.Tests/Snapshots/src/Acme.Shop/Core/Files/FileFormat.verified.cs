using System.Text;

namespace Acme.Shop.Core.Files;

/// <summary>The accepted formats, by leading bytes, because no name or header proves a type.</summary>
public sealed record FileFormat(string Extension, string ContentType)
{
    /// <value>The number of leading bytes that identify a format.</value>
    public const int SignatureLength = 12;

    private static readonly FileFormat Png = new(".png", "image/png");
    private static readonly FileFormat Jpeg = new(".jpg", "image/jpeg");
    private static readonly FileFormat Gif = new(".gif", "image/gif");
    private static readonly FileFormat WebP = new(".webp", "image/webp");
    private static readonly FileFormat Pdf = new(".pdf", "application/pdf");

    public bool IsImage => ContentType.StartsWith("image/", StringComparison.Ordinal);

    /// <returns>Null if the bytes match no accepted format.</returns>
    public static FileFormat? Detect(ReadOnlySpan<byte> start) => start switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        _ when start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) => Gif,
        _ when start.StartsWith("RIFF"u8) && start.Length >= SignatureLength && start[8..].StartsWith("WEBP"u8) => WebP,
        _ when start.StartsWith("%PDF-"u8) => Pdf,
        _ => null,
    };

    /// <summary>Returns the format of a stored file by its extension.</summary>
    public static FileFormat OfFile(string name) =>
        new[] { Png, Jpeg, Gif, WebP, Pdf }.Single(format => name.EndsWith(format.Extension, StringComparison.Ordinal));
}

/// <summary>The names of files: those that the server chooses, and those that clients see.</summary>
public static class FileNames
{
    // Names stay within 200 UTF-16 units, even if each character takes two.
    private const int MaxCharacters = 95;

    /// <summary>Chooses a unique name for a file that is stored now.</summary>
    public static string Create(FileFormat format, TimeProvider time) =>
        Guid.CreateVersion7(time.GetUtcNow()).ToString("N") + format.Extension;

    /// <summary>When a file was stored, in whole seconds as HTTP has it.</summary>
    /// <returns>Null if the server did not choose this name.</returns>
    public static DateTimeOffset? TimeOf(string name) =>
        Guid.TryParseExact(Path.GetFileNameWithoutExtension(name), "N", out var id) && id.Version == 7
            ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(id.ToString("N")[..12], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 1000)
            : null;

    /// <summary>Cleans a client's name for display: no path, no control characters, not too long, the extension of the format.</summary>
    public static string MakeSafe(string? name, FileFormat format)
    {
        var runes = (name ?? "")[((name ?? "").LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes()
            .Where(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format)
                && rune != Rune.ReplacementChar)
            .Take(MaxCharacters);
        var stem = string.Concat(runes).Trim(' ', '.');
        var extension = Path.GetExtension(stem).ToLowerInvariant();
        return extension == format.Extension || (extension, format.Extension) == (".jpeg", ".jpg")
            ? stem
            : (stem.Length == 0 ? "file" : stem) + format.Extension;
    }
}
