namespace InterviewApi.Templates.Tests.Options;

/// <summary>Every combination of the values of some options, numbered; number 0 has all defaults.</summary>
internal sealed class OptionSpace
{
    private readonly int[] _strides;

    public OptionSpace(IReadOnlyList<TemplateOption> options)
    {
        Options = options;
        _strides = new int[options.Count];
        Count = 1;

        // The last option varies fastest, as digits do.
        for (var i = options.Count - 1; i >= 0; i--)
        {
            _strides[i] = Count;
            Count *= options[i].Values.Count;
        }
    }

    public IReadOnlyList<TemplateOption> Options { get; }

    public int Count { get; }

    public Combination this[int number] => number >= 0 && number < Count
        ? new Combination(this, number)
        : throw new ArgumentOutOfRangeException(nameof(number));

    public IEnumerable<Combination> All() => Enumerable.Range(0, Count).Select(number => this[number]);

    /// <summary>The combination with these values, by flag, and all other options at their defaults.</summary>
    public Combination FirstWith(params (string Flag, string Value)[] values) =>
        All().First(combination => values.All(wanted => combination.Value(wanted.Flag) == wanted.Value));

    /// <summary>The index of the value that a combination gives to an option.</summary>
    public int ValueIndex(int number, int option) => number / _strides[option] % Options[option].Values.Count;

    /// <summary>The combination that differs from another in one option only.</summary>
    public int With(int number, int option, int valueIndex) => number + ((valueIndex - ValueIndex(number, option)) * _strides[option]);

    /// <summary>The combinations of the values of some options, all others at their defaults, in ascending order.</summary>
    public int[] Project(IReadOnlyCollection<int> options)
    {
        int[] numbers = [0];
        foreach (var option in options.Order())
        {
            numbers = [
                .. numbers.SelectMany(
                    number => Enumerable.Range(0, Options[option].Values.Count).Select(value => With(number, option, value)))];
        }

        return numbers;
    }

    /// <summary>The combination with the same values of some options, all others at their defaults.</summary>
    public int Reduce(int number, IReadOnlyList<int> options)
    {
        var reduced = 0;
        foreach (var option in options)
        {
            reduced += ValueIndex(number, option) * _strides[option];
        }

        return reduced;
    }

    public Combination Of(IReadOnlyList<int> valueIndexes) => this[valueIndexes.Select((value, option) => value * _strides[option]).Sum()];
}
