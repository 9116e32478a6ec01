using InterviewApi.Core.Files;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace InterviewApi.Api;

/// <summary>
/// Streams a multipart form with one image from the request to a file (RFC 7578). The whole image is never in memory,
/// and the name, type and size that the client sends are ignored. A failed upload leaves no file.
/// </summary>
public sealed class ImageUploadReader(ImageFiles files, IOptions<UploadOptions> options)
{
    public const string FieldName = "file";
    public const string ContentType = "multipart/form-data";

    /// <value>The limit for boundaries and part headers around the image.</value>
    public const int MaxFormBytes = 16 * 1024;

    private const int BufferSize = 64 * 1024;
    private const int MaxBoundaryLength = 70;

    // ENOSPC and EDQUOT of Linux and macOS, ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
    private static readonly int[] FullCodes = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    /// <returns>The name of the stored file.</returns>
    /// <exception cref="BadHttpRequestException">The form is refused, with the status code of the response.</exception>
    public async Task<string> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var form = new MultipartReader(BoundaryOf(request), request.Body) { HeadersLengthLimit = MaxFormBytes };
        if (await Read(form.ReadNextSectionAsync(cancellationToken)) is not { } part || !IsFile(part))
        {
            throw Refused("The form must begin with a file in this field.");
        }

        try
        {
            return await ReceiveAsync(form, part, cancellationToken);
        }
        catch (IOException exception) when (FullCodes.Contains(exception.HResult))
        {
            throw new BadHttpRequestException("The disk is full.", StatusCodes.Status507InsufficientStorage, exception);
        }
    }

    private async Task<string> ReceiveAsync(
        MultipartReader form, MultipartSection part, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var length = await Read(part.Body.ReadAtLeastAsync(
            buffer, ImageFormat.SignatureLength, throwOnEndOfStream: false, cancellationToken).AsTask());
        if (length == 0)
        {
            throw Refused("The file is empty.");
        }

        var format = ImageFormat.Detect(buffer.AsSpan(0, length))
            ?? throw new BadHttpRequestException("Not an image.", StatusCodes.Status415UnsupportedMediaType);
        await using var file = files.CreateTemporary();
        for (var total = 0; length > 0; length = await Read(part.Body.ReadAsync(buffer, cancellationToken).AsTask()))
        {
            total += length;
            if (total > options.Value.MaxBytes)
            {
                throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
            }

            await file.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }

        return await Read(form.ReadNextSectionAsync(cancellationToken)) is null
            ? await file.KeepAsync(format.Extension)
            : throw Refused("The form must contain exactly one file.");
    }

    private static InvalidRequestException Refused(string error) => new(new() { [FieldName] = [error] });

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
