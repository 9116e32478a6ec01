using InterviewApi.Models;
using InterviewApi.Schemas.Validation;
using InterviewApi.Services;

namespace InterviewApi.Schemas.V2;

/// <summary>%A gadget%.</summary>
public sealed record GadgetResponse(
    long Id,
    string Reference,
    int Quantity,
    string? Note,
    GadgetStatus Status,
    DateTimeOffset CreatedAt)
{
    public static GadgetResponse From(Gadget gadget) =>
        new(gadget.Id, gadget.Reference, gadget.Quantity, gadget.Note, gadget.Status, gadget.CreatedAt);

    /// <summary>The gadget as it was created. Only its status changes, so a repeated request gets the same response.</summary>
    public static GadgetResponse FromCreation(Gadget gadget) => From(gadget) with { Status = GadgetStatus.FirstState };
}

/// <summary>A page of gadgets.</summary>
/// <param name="Items">The gadgets of this page.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record GadgetPage(IReadOnlyList<GadgetResponse> Items, string? NextCursor);

/// <summary>The statistics of your gadgets, which follow the changes after a moment.</summary>
/// <param name="Created">How many were created.</param>
/// <param name="Quantity">The sum of what they were created with.</param>
/// <param name="Finished">How many became LastState.</param>
public sealed record GadgetStatisticsResponse(int Created, long Quantity, int Finished)
{
    public static GadgetStatisticsResponse From(GadgetStatistics statistics) =>
        new(statistics.Created, statistics.Quantity, statistics.Finished);
}

/// <summary>The outcome of an import.</summary>
/// <param name="Imported">How many gadgets were created.</param>
public sealed record GadgetImportResponse(int Imported);

/// <summary>The fields of a new gadget.</summary>
public sealed record GadgetRequest
{
    /// <summary>Unique among your gadgets.</summary>
    /// <example>%prefix%-%first number%</example>
    [Required, RegularExpression(Gadget.ReferencePattern)]
    public string? Reference { get; init; }

    /// <summary>From 1 to %max quantity%.</summary>
    /// <example>1</example>
    [Required, Range(1, Gadget.MaxQuantity)]
    public int? Quantity { get; init; }

    /// <summary>Text, at most %max note% characters.</summary>
    [StringLength(Gadget.MaxNoteLength), PlainText(MultiLine = true)]
    public string? Note { get; init; }

    /// <summary>The fields of a validated request.</summary>
    public NewGadget ToFields() => new(Reference!, Quantity!.Value, Note);
}

/// <summary>The new status.</summary>
public sealed record GadgetStatusRequest
{
    /// <summary>The last state is final.</summary>
    [Required]
    public GadgetStatus? Status { get; init; }
}
