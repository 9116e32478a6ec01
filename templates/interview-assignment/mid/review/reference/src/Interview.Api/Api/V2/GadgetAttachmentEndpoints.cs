using InterviewApi.Core.Security;
using InterviewApi.Models;
using InterviewApi.Services;

namespace InterviewApi.Api.V2;

/// <summary>The attachments of the caller's gadgets.</summary>
public static class GadgetAttachmentEndpoints
{
    public static void MapGadgetAttachments(this RouteGroupBuilder gadgets)
    {
        gadgets.MapPut("/{id:long}/attachment", ReplaceAttachment)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        gadgets.MapGet("/{id:long}/attachment", GetAttachment)
            .Produces<Stream>(StatusCodes.Status200OK, "application/pdf", "image/png")
            .ProducesProblem(StatusCodes.Status404NotFound);
        gadgets.MapDelete("/{id:long}/attachment", DeleteAttachment)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Stores a PDF or PNG file, in place of the one before.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> ReplaceAttachment(
        long id, IFormFile file, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
        {
            throw new InvalidRequestException(new() { ["file"] = ["The file is empty."] });
        }

        if (file.Length > Gadget.MaxAttachmentBytes)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        var bytes = content.ToArray();
        if (GadgetAttachment.TypeOf(bytes) is not { } type)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, detail: "Send a PDF or PNG file.");
        }

        var attachment = new GadgetAttachment { ContentType = type, Content = bytes };
        return Answer(await gadgets.ReplaceAttachmentAsync(user.Id, id, attachment, cancellationToken));
    }

    /// <summary>Gets the attachment.</summary>
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetAttachment(
        long id, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken)
    {
        // A file to save, which no browser opens as a page of this origin.
        return await gadgets.FindAttachmentAsync(user.Id, id, cancellationToken) is { } attachment
            ? TypedResults.File(attachment.Content, attachment.ContentType, "attachment")
            : ChangeProblems.From(ChangeStatus.NotFound);
    }

    /// <summary>Removes the attachment.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAttachment(
        long id, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken) =>
        Answer(await gadgets.ReplaceAttachmentAsync(user.Id, id, null, cancellationToken));

    private static Results<NoContent, ProblemHttpResult> Answer(ChangeStatus status) =>
        status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(status);
}
