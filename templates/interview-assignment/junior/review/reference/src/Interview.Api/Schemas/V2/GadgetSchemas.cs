using InterviewApi.Models;
using InterviewApi.Schemas.Validation;

namespace InterviewApi.Schemas.V2;

/// <summary>%A gadget%.</summary>
public sealed record GadgetResponse(
    long Id,
    long KeeperId,
    string Reference,
    int Quantity,
    string? Note,
    GadgetStatus Status,
    DateTimeOffset CreatedAt)
{
    public static GadgetResponse From(Gadget gadget) => new(
        gadget.Id,
        gadget.KeeperId,
        gadget.Reference,
        gadget.Quantity,
        gadget.Note,
        gadget.Status,
        gadget.CreatedAt);
}

/// <summary>A page of gadgets.</summary>
/// <param name="Items">The gadgets of this page.</param>
/// <param name="Total">The number of gadgets on all pages.</param>
public sealed record GadgetPage(IReadOnlyList<GadgetResponse> Items, int Total);

/// <summary>The fields of a new gadget.</summary>
public sealed record CreateGadgetRequest
{
    /// <summary>Unique within the keeper.</summary>
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

/// <summary>The fields of %a gadget%.</summary>
public sealed record ReplaceGadgetRequest
{
    /// <summary>Unique within the keeper.</summary>
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

    /// <summary>The last state is final.</summary>
    [Required]
    public GadgetStatus? Status { get; init; }

    /// <summary>Copies the fields of a validated request.</summary>
    public void ApplyTo(Gadget gadget)
    {
        gadget.Reference = Reference!;
        gadget.Quantity = Quantity!.Value;
        gadget.Note = Note;
        gadget.Status = Status!.Value;
    }
}
