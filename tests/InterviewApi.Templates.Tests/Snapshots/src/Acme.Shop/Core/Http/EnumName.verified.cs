using System.Diagnostics.CodeAnalysis;

namespace Acme.Shop.Core.Http;

/// <summary>
/// An enum value in a query, by its name in any case as in JSON: <c>EnumName&lt;OrderStatus&gt;? status = null</c>. The
/// framework's own binding distinguishes upper and lower case, and accepts numbers.
/// </summary>
public readonly record struct EnumName<TEnum>(TEnum Value) : IParsable<EnumName<TEnum>>
    where TEnum : struct, Enum
{
    public static EnumName<TEnum> Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException("This is not a name of the enum.");

    public static bool TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out EnumName<TEnum> result)
    {
        var name = Array.Find(Enum.GetNames<TEnum>(), name => name.Equals(s, StringComparison.OrdinalIgnoreCase));
        result = new(name is null ? default : Enum.Parse<TEnum>(name));
        return name is not null;
    }
}
