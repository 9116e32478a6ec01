using System.Net.Http.Headers;

namespace Acme.Shop.Tests.Support;

/// <summary>Image uploads that tests start from.</summary>
public static class Images
{
    public static byte[] Png(int length = 100) => Start([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], length);

    public static byte[] Jpeg() => Start([0xFF, 0xD8, 0xFF, 0xE0], 100);

    public static byte[] Gif() => Start("GIF89a"u8, 100);

    public static byte[] WebP() => Start([.. "RIFF"u8, 92, 0, 0, 0, .. "WEBP"u8], 100);

    public static byte[] Pdf(int length = 100) => Start("%PDF-1.7"u8, length);

    public static Task<HttpResponseMessage> PutImageAsync(
        this HttpClient client, string product, byte[] content, string fileName = "photo.png", string field = "file") =>
        client.PutAsync(product + "/image", Form(content, fileName, field));

    public static MultipartFormDataContent Form(byte[] content, string fileName = "photo.png", string field = "file")
    {
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return new MultipartFormDataContent { { file, field, fileName } };
    }

    private static byte[] Start(ReadOnlySpan<byte> signature, int length)
    {
        var bytes = new byte[length];
        signature.CopyTo(bytes);
        for (var index = signature.Length; index < length; index++)
        {
            bytes[index] = (byte)index;
        }

        return bytes;
    }
}

/// <summary>A folder that is deleted with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("acme-shop-tests-");

    public string Path => _folder.FullName;

    public string[] Files => Directory.GetFiles(Path, "*", SearchOption.AllDirectories);

    public void Dispose() => _folder.Delete(recursive: true);
}
