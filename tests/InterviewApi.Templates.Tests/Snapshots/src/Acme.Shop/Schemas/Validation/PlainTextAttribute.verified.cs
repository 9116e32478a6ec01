using System.Text;

namespace Acme.Shop.Schemas.Validation;

/// <summary>Refuses control characters and unpaired surrogates, which not every database stores.</summary>
public sealed class PlainTextAttribute() : ValidationAttribute("The {0} field must not contain control characters.")
{
    /// <value>Whether line breaks and tabs are allowed.</value>
    public bool MultiLine { get; init; }

    public override bool IsValid(object? value) => value is not string text || text.EnumerateRunes().All(IsAllowed);

    // An unpaired surrogate is enumerated as the replacement character.
    private bool IsAllowed(Rune rune) =>
        rune != Rune.ReplacementChar && (!Rune.IsControl(rune) || (MultiLine && rune.Value is '\n' or '\r' or '\t'));
}
