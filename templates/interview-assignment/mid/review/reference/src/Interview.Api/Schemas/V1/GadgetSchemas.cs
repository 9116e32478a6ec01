using InterviewApi.Models;

namespace InterviewApi.Schemas.V1;

/// <summary>%A gadget% as version 1 shows it.</summary>
/// <param name="Open">Whether it is not in the last state.</param>
public sealed record GadgetResponse(long Id, string Reference, int Quantity, bool Open)
{
    public static GadgetResponse From(Gadget gadget) =>
        new(gadget.Id, gadget.Reference, gadget.Quantity, gadget.Status != GadgetStatus.LastState);
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
}
