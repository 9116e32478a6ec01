using System.ComponentModel.DataAnnotations;
using Acme.Shop.Core.Http;

namespace Acme.Shop.Schemas.Validation;

/// <summary>Refuses a cursor that this API did not give out.</summary>
public sealed class CursorAttribute() : ValidationAttribute("The {0} field is not the nextCursor of a page.")
{
    public override bool IsValid(object? value) => value is not string cursor || PageCursor.TryDecode(cursor, out _);
}
