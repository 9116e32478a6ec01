namespace Acme.Shop.Core;

/// <summary>A value that may be absent, which is not the same as null.</summary>
public readonly record struct Optional<T>
{
    private readonly T _value;

    public Optional(T value)
    {
        _value = value;
        IsPresent = true;
    }

    public bool IsPresent { get; }

    public static implicit operator Optional<T>(T value) => new(value);

    /// <summary>The value, or <paramref name="fallback"/> if it is absent.</summary>
    public T Or(T fallback) => IsPresent ? _value : fallback;

    /// <summary>Converts the value if it is present.</summary>
    public Optional<TResult> Select<TResult>(Func<T, TResult> convert) =>
        IsPresent ? new Optional<TResult>(convert(_value)) : default;
}
