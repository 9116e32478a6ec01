namespace Acme.Shop.Core.Files;

/// <summary>The image formats that are accepted, known by their leading bytes: neither a name nor a header proves a type.</summary>
public sealed record ImageFormat(string Extension, string ContentType)
{
    /// <value>How many leading bytes are needed to tell the formats apart.</value>
    public const int SignatureLength = 12;

    private static readonly ImageFormat Png = new(".png", "image/png");
    private static readonly ImageFormat Jpeg = new(".jpg", "image/jpeg");
    private static readonly ImageFormat Gif = new(".gif", "image/gif");
    private static readonly ImageFormat WebP = new(".webp", "image/webp");

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    /// <returns>Null if the bytes begin none of the accepted formats.</returns>
    public static ImageFormat? Detect(ReadOnlySpan<byte> start) =>
        start.StartsWith(PngSignature) ? Png
        : start.StartsWith(JpegSignature) ? Jpeg
        : start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) ? Gif
        : start.StartsWith("RIFF"u8) && start[Math.Min(8, start.Length)..].StartsWith("WEBP"u8) ? WebP
        : null;

    /// <summary>The format of a file that was kept under the extension of its format.</summary>
    public static ImageFormat OfFile(string name) =>
        new[] { Png, Jpeg, Gif, WebP }.Single(format => name.EndsWith(format.Extension, StringComparison.Ordinal));
}
