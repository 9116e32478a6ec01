namespace InterviewApi.Templates.Tests.Options;

/// <summary>One choice or boolean parameter of a template that decides what is generated.</summary>
/// <param name="Symbol">Its name in template.json.</param>
/// <param name="Flag">Its name on the command line, without the dashes.</param>
/// <param name="Values">All values; the default comes first.</param>
internal sealed record TemplateOption(string Symbol, string Flag, IReadOnlyList<string> Values)
{
    /// <summary>The value that leaves the feature out, or null where every value is a feature of its own.</summary>
    public string? Off => Values.FirstOrDefault(value => value is "false" or "none");

    public bool IsBoolean => Values.All(value => value is "true" or "false");

    /// <summary>A word for one value: <c>jwt</c>, <c>docker</c>, <c>no-docker</c>, <c>no-cache</c>.</summary>
    public string Word(string value) => value switch
    {
        "true" => Flag,
        "false" or "none" => "no-" + Flag,
        _ => value,
    };
}
