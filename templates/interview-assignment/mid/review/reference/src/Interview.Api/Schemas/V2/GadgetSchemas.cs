using InterviewApi.Models;
using InterviewApi.Schemas.Validation;

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
}

/// <summary>A page of gadgets.</summary>
/// <param name="Items">The gadgets of this page.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record GadgetPage(IReadOnlyList<GadgetResponse> Items, string? NextCursor);

/// <summary>A change of the status.</summary>
public sealed record GadgetMoveResponse(GadgetStatus From, GadgetStatus To, DateTimeOffset At)
{
    public static GadgetMoveResponse Of(GadgetMove move) => new(move.From, move.To, move.At);
}

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
}

/// <summary>The new status.</summary>
public sealed record GadgetStatusRequest
{
    /// <summary>The last state is final.</summary>
    [Required]
    public GadgetStatus? Status { get; init; }
}
