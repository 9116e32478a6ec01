namespace InterviewApi.Templates.Tests.Items;

/// <summary>A place in the code of a resource where each field has its lines.</summary>
/// <param name="Token">The line of the template that the lines replace.</param>
/// <param name="Lines">The lines of a field, by its type and whether it is optional.</param>
/// <param name="Last">What is done to all lines together at the end: a pattern and its replacement.</param>
internal sealed record FieldPlace(
    string Token, Func<FieldType, bool, IEnumerable<string>> Lines, params (string Pattern, string Replacement)[] Last)
{
    // An enumeration is written on one line first; then each of its values gets a line.
    private static readonly (string, string)[] OneValuePerLine =
        [(@"(?m)(?<=^\u00a7\([^)\n]*)(\w+)(?:, *)?(?=[^(\n]*\)$)", "\n\u00a7    $1,"), (@"(?m)^\u00a7\((?=\n)\n", ""), (@"(?m),\)$", ",")];

    public static IReadOnlyList<FieldPlace> All { get; } =
    [
        new(
            "constants", (type, _) => type.IsText ? [$"    public const int Max{{f}}Length = {type.MaxLength};"] : [],
            (@"(?<=.\n)\z", "\n")),
        new(
            "properties",
            (type, optional) => [
                "",
                $"    public {type.Clr}{(optional ? "?" : "")} {type.Property} {{ get; set; }}{(type.IsText && !optional ? " = \"\";" : "")}"]),
        new(
            "enums",
            (type, _) =>
                type.Name == "enum" ? [
                    "", "/// <summary>The values of <see cref=\"{m}.{f}\"/>.</summary>", "public enum {m}{f}", "{", "({a})",
                    "}"] : [], [.. OneValuePerLine, (@"\z", "\n")]),
        new("configuration", (type, _) => type switch
        {
            { IsText: true } => ["        builder.Property({v} => {v}.{f}).HasMaxLength({m}.Max{f}Length);"],
            { Configuration: { } configuration } => [$"        builder.Property({{v}} => {{v}}.{{f}}){configuration};"],
            _ => type.Relation,
        }),
        new("response parameters", (type, optional) => [$"    {type.Clr}{(optional ? "?" : "")} {type.Property},"]),
        new("response arguments", (type, _) => [$"        {type.Response},"]),
        new("request properties", (type, optional) =>
        [
            $"    /// <summary>{type.Summary}</summary>",
            $"    /// <example>{type.Example}</example>",
            .. Attributes(type, optional) is { Length: > 0 } attributes ? [$"    [{attributes}]"] : Array.Empty<string>(),
            $"    public {type.Clr}? {type.Property} {{ get; init; }}",
            "",
        ], (@"(?m)(?<=^    /// <summary>One of [^<\n]*), *", ", ")),
        new("request initializers", (type, _) => ["        {p} = {v}.{p},"]),
        new("assignments", (type, optional) => [$"        {{v}}.{{p}} = {Assignment(type, optional)};"]),
        new("examples", (type, _) => [$"        {{p}} = {type.Sample},"]),
        new("times", (type, _) => type.Name == "datetime" ? ["    [InlineData(\"{f}\")]"] : []),
        new("broken references", (type, _) => type.Name == "ref" ? ["        example[\"{p}\"] = long.MaxValue;"] : []),
    ];

    private static string Attributes(FieldType type, bool optional) => string.Join(", ", (string[])
    [
        .. optional ? Array.Empty<string>() : ["Required"],
        .. type.IsText ? ["StringLength({m}.Max{f}Length)", type.PlainText] : Array.Empty<string>(),
        .. type.Limit is { } limit ? [limit] : Array.Empty<string>(),
    ]);

    private static string Assignment(FieldType type, bool optional) => optional
        ? type.OptionalAssignment ?? "{p}"
        : type.Assignment ?? (type.IsText ? "{p}!" : "{p}!.Value");
}
