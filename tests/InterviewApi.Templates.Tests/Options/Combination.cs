namespace InterviewApi.Templates.Tests.Options;

/// <summary>One value for each option.</summary>
internal sealed record Combination(OptionSpace Space, int Number)
{
    public string this[TemplateOption option]
    {
        get
        {
            for (var i = 0; i < Space.Options.Count; i++)
            {
                if (Space.Options[i] == option)
                {
                    return option.Values[Space.ValueIndex(Number, i)];
                }
            }

            throw new KeyNotFoundException($"There is no option '{option.Symbol}'.");
        }
    }

    /// <summary>The value of the option with this flag, or null where the template has no such option.</summary>
    public string? Value(string flag) => Space.Options.FirstOrDefault(option => option.Flag == flag) is { } option ? this[option] : null;

    public IReadOnlyDictionary<string, string> ToParameters() =>
        Space.Options.ToDictionary(option => option.Symbol, option => this[option]);

    /// <summary>The command line's flags, every one of them given.</summary>
    public IReadOnlyList<string> ToArguments() => [.. Space.Options.SelectMany(option => new[] { "--" + option.Flag, this[option] })];

    public override string ToString() => string.Join(' ', Space.Options.Select(option => $"{option.Flag}={this[option]}"));
}
