using InterviewApi.Services;
using Microsoft.AspNetCore.Mvc;

namespace InterviewApi.Api.V2;

/// <summary>Upload and download of paper scans.</summary>
public static class PaperScanEndpoints
{
    // The boundaries and headers around a file.
    private const int MaxFormBytes = 16 * 1024;
    private static readonly Dictionary<string, string> Types =
        new() { [".pdf"] = "application/pdf", [".png"] = "image/png", [".jpg"] = "image/jpeg" };

    public static void MapPaperScans(this RouteGroupBuilder api)
    {
        var options = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<IOptions<PaperScanOptions>>().Value;
        var group = api.MapGroup("/paper-scans").WithTags("PaperScans");
        var upload = group.MapPost("/", Upload)
            .WithMetadata(new RequestSizeLimitAttribute((long)options.MaxBytes + MaxFormBytes))
            .WithFormOptions(multipartBodyLengthLimit: (long)options.MaxBytes + MaxFormBytes)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        upload.DisableRequestTimeout();
#if (HasRateLimiting)
        upload.RequireRateLimiting("upload");
#endif
        group.MapGet("/{name}", Download)
            .Produces<Stream>(StatusCodes.Status200OK, "application/pdf", "image/png", "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .DisableRequestTimeout();
        group.MapDelete("/{name}", Delete)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Uploads a PDF, PNG or JPEG file.</summary>
    internal static async Task<Results<Created, ValidationProblem, ProblemHttpResult>> Upload(
        IFormFile file,
        PaperScanFiles files,
        IOptions<PaperScanOptions> options,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (file.Length == 0)
        {
            throw new InvalidRequestException(new() { ["file"] = ["The file is empty."] });
        }

        if (file.Length > options.Value.MaxBytes)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        await using var content = file.OpenReadStream();
        return await files.SaveAsync(content, cancellationToken) is { } name
            ? TypedResults.Created($"{context.Request.PathBase}{context.Request.Path.Value?.TrimEnd('/')}/{name}")
            : TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, detail: "Send a PDF, PNG or JPEG file.");
    }

    /// <summary>Gets a paper scan.</summary>
    internal static Results<FileStreamHttpResult, ProblemHttpResult> Download(string name, PaperScanFiles files)
    {
        // An attachment, which no browser opens as a page of this origin, whatever else the file contains.
        return Types.TryGetValue(Path.GetExtension(name), out var type) && files.Open(name) is { } content
            ? TypedResults.Stream(content, type, name)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound);
    }

    /// <summary>Deletes a paper scan.</summary>
    internal static Results<NoContent, ProblemHttpResult> Delete(string name, PaperScanFiles files) =>
        files.Delete(name) ? TypedResults.NoContent() : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound);
}
