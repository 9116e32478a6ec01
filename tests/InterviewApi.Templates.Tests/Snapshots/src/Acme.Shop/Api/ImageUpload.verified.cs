using Acme.Shop.Core.Files;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Api;

/// <summary>The outcome of an upload.</summary>
/// <param name="StatusCode">The status code of the response if there is no file.</param>
/// <param name="Error">The error in the form, if that is the reason.</param>
/// <param name="File">The name of the stored file.</param>
public sealed record ImageUpload(int StatusCode, string? Error = null, string? File = null)
{
    public static ImageUpload Empty { get; } = Refused("The file is empty.");

    public static ImageUpload NoFile { get; } = Refused("The form must begin with a file in this field.");

    public static ImageUpload MoreThanOnePart { get; } = Refused("The form must contain exactly one file.");

    public static ImageUpload TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge);

    public static ImageUpload UnknownFormat { get; } = new(StatusCodes.Status415UnsupportedMediaType);

    public static ImageUpload StorageFull { get; } = new(StatusCodes.Status507InsufficientStorage);

    public static ImageUpload Received(string file) => new(StatusCodes.Status200OK, File: file);

    private static ImageUpload Refused(string error) => new(StatusCodes.Status400BadRequest, error);
}

/// <summary>
/// Streams a multipart form with one image from the request to a file (RFC 7578). The whole image is never in memory,
/// and the name, type and size that the client sends are ignored. A failed upload leaves no file.
/// </summary>
public sealed class ImageUploadReader(ImageFiles files, IOptions<UploadOptions> options)
{
    public const string FieldName = "file";
    public const string ContentType = "multipart/form-data";

    private const int BufferSize = 64 * 1024;
    private const int MaxBoundaryLength = 70;

    // The limit for boundaries and part headers around the image.
    private const int MaxFormBytes = 16 * 1024;

    // ENOSPC and EDQUOT of Linux and macOS, ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
    private static readonly int[] FullCodes = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    private int MaxBytes => options.Value.MaxBytes;

    /// <exception cref="BadHttpRequestException">The body is not a complete multipart form.</exception>
    public async Task<ImageUpload> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RaiseBodyLimit(request.HttpContext);
        var form = new MultipartReader(BoundaryOf(request), request.Body) { HeadersLengthLimit = MaxFormBytes };
        if (await Read(form.ReadNextSectionAsync(cancellationToken)) is not { } part || !IsFile(part))
        {
            return ImageUpload.NoFile;
        }

        try
        {
            return await ReceiveAsync(form, part, cancellationToken);
        }
        catch (IOException exception) when (FullCodes.Contains(exception.HResult))
        {
            return ImageUpload.StorageFull;
        }
    }

    private async Task<ImageUpload> ReceiveAsync(
        MultipartReader form, MultipartSection part, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var length = await Read(part.Body.ReadAtLeastAsync(
            buffer, ImageFormat.SignatureLength, throwOnEndOfStream: false, cancellationToken).AsTask());
        if (length == 0)
        {
            return ImageUpload.Empty;
        }

        if (ImageFormat.Detect(buffer.AsSpan(0, length)) is not { } format)
        {
            return ImageUpload.UnknownFormat;
        }

        await using var file = files.CreateTemporary();
        for (var total = 0; length > 0; length = await Read(part.Body.ReadAsync(buffer, cancellationToken).AsTask()))
        {
            total += length;
            if (total > MaxBytes)
            {
                return ImageUpload.TooLarge;
            }

            await file.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }

        return await Read(form.ReadNextSectionAsync(cancellationToken)) is null
            ? ImageUpload.Received(await file.KeepAsync(format.Extension))
            : ImageUpload.MoreThanOnePart;
    }

    // For this request only, because the server's limit is meant for JSON.
    private void RaiseBodyLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = (long)MaxBytes + MaxFormBytes;
        }
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var contentType)
            || !contentType.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException("This is not a form.", StatusCodes.Status415UnsupportedMediaType);
        }

        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary);
        return boundary is { Length: > 0 and <= MaxBoundaryLength }
            ? boundary.ToString()
            : throw new BadHttpRequestException("The content type has no usable boundary.");
    }

    private static bool IsFile(MultipartSection part) =>
        part.GetContentDispositionHeader() is { } disposition
        && disposition.IsFileDisposition()
        && HeaderUtilities.RemoveQuotes(disposition.Name).Equals(FieldName, StringComparison.Ordinal);

    // Errors from the form reader are the client's fault. Exceptions from the server pass through unchanged.
    private static async Task<T> Read<T>(Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form cannot be read.", exception);
        }
    }
}
