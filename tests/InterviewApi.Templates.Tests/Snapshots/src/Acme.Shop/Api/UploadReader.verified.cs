using System.Text;
using Acme.Shop.Core.Files;
using Acme.Shop.Schemas.Validation;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Api;

/// <summary>What a form may contain: files in one field, and text in others.</summary>
/// <param name="TextFields">The optional fields, each with its maximum length.</param>
public sealed record UploadRules(string Field, int MaxFiles, Func<FileFormat, bool> Accepts, IReadOnlyDictionary<string, int> TextFields);

/// <summary>A complete form. Disposing deletes the files that were not stored.</summary>
public sealed class UploadedForm : IAsyncDisposable
{
    public List<UploadedFile> Files { get; } = [];

    /// <value>The text fields; null where the text is empty.</value>
    public Dictionary<string, string?> Texts { get; } = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var file in Files)
        {
            await file.Content.DisposeAsync();
        }
    }
}

/// <summary>Streams a multipart form from the request to files (RFC 7578). What is refused or not completed leaves no file.</summary>
public sealed class UploadReader(UploadFolder folder, IOptions<UploadOptions> options)
{
    public const string ContentType = "multipart/form-data";

    /// <value>The limit for boundaries and part headers around a file.</value>
    public const int MaxFormBytes = 16 * 1024;

    private const int BufferSize = 64 * 1024;
    private const int MaxBoundaryLength = 70;
    private const int MaxBytesOfCharacter = 4;

    // ENOSPC and EDQUOT of Linux and macOS, ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
    private static readonly int[] FullCodes = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    /// <exception cref="BadHttpRequestException">The form is refused, with the status code of the response.</exception>
    public async Task<UploadedForm> ReadAsync(HttpRequest request, UploadRules rules, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(BoundaryOf(request), request.Body) { HeadersLengthLimit = MaxFormBytes };
        var form = new UploadedForm();
        try
        {
            while (await Read(reader.ReadNextSectionAsync(cancellationToken)) is { } part)
            {
                await AddAsync(form, part, rules, cancellationToken);
            }

            return form.Files.Count > 0 ? form : throw Refused(rules.Field, "The form must have a file in this field.");
        }
        catch (Exception exception)
        {
            await form.DisposeAsync();
            throw exception switch
            {
                IOException when FullCodes.Contains(exception.HResult) =>
                    new BadHttpRequestException("The disk is full.", StatusCodes.Status507InsufficientStorage, exception),
                IOException and not BadHttpRequestException or UnauthorizedAccessException => new FileStoreException(exception),
                _ => exception,
            };
        }
    }

    private async Task AddAsync(UploadedForm form, MultipartSection part, UploadRules rules, CancellationToken cancellationToken)
    {
        if (part.AsFileSection() is { } file && file.Name == rules.Field && form.Files.Count < rules.MaxFiles)
        {
            form.Files.Add(await ReceiveAsync(part.Body, file.FileName, rules, cancellationToken));
        }
        else if (part.AsFormDataSection() is { } text && rules.TextFields.TryGetValue(text.Name, out var maxLength)
            && !form.Texts.ContainsKey(text.Name))
        {
            form.Texts[text.Name] = await ReadTextAsync(part.Body, text.Name, maxLength, cancellationToken);
        }
        else
        {
            throw Refused(rules.Field, rules.MaxFiles == 1
                ? "The form must contain exactly one file, in this field."
                : $"The form must contain 1 to {rules.MaxFiles} files in this field, and no others.");
        }
    }

    private async Task<UploadedFile> ReceiveAsync(Stream source, string name, UploadRules rules, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var length = await Read(source.ReadAtLeastAsync(
            buffer, FileFormat.SignatureLength, throwOnEndOfStream: false, cancellationToken).AsTask());
        if (length == 0)
        {
            throw Refused(rules.Field, "The file is empty.");
        }

        if (FileFormat.Detect(buffer.AsSpan(0, length)) is not { } format || !rules.Accepts(format))
        {
            throw new BadHttpRequestException("The format is not accepted.", StatusCodes.Status415UnsupportedMediaType);
        }

        var file = folder.CreateTemporary();
        try
        {
            var total = 0;
            for (; length > 0; length = await Read(source.ReadAsync(buffer, cancellationToken).AsTask()))
            {
                total += length;
                if (total > options.Value.MaxBytes)
                {
                    throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
                }

                await file.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            }

            await file.CompleteAsync();
            return new(file, format, FileNames.MakeSafe(name, format), total);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task<string?> ReadTextAsync(Stream source, string field, int maxLength, CancellationToken cancellationToken)
    {
        var buffer = new byte[(maxLength * MaxBytesOfCharacter) + 1];
        var length = await Read(source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).AsTask());
        var text = Encoding.UTF8.GetString(buffer, 0, length).Trim();
        if (length == buffer.Length || text.Length > maxLength)
        {
            throw Refused(field, $"The field must have at most {maxLength} characters.");
        }

        if (!new PlainTextAttribute { MultiLine = true }.IsValid(text))
        {
            throw Refused(field, "The field must not contain control characters.");
        }

        return text.Length > 0 ? text : null;
    }

    private static InvalidRequestException Refused(string field, string error) => new(new() { [field] = [error] });

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
