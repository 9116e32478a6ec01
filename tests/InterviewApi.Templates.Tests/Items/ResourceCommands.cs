namespace InterviewApi.Templates.Tests.Items;

/// <summary>Commands that together show every name form, every type in every place, and every flag.</summary>
internal static class ResourceCommands
{
    /// <summary>The command with whose output the others are compared.</summary>
    public const string Reference = "OrderLine --fields \"Reference:string\"";

    /// <summary>Every type, with and without a question mark.</summary>
    public static string Everything { get; } = $"OrderLine --fields \"{string.Join(' ', FieldType.All.SelectMany(type => (string[])[Required(type), Optional(type)]))}\"";

    public static IReadOnlyList<string> Names { get; } =
    [
        Reference,
        .. (
            (string[])[
                "Category", "Box", "Bus", "order-line", "sku", "APIKey", "Event2", "class", "Item", "Hour", "User2", "Union", "Task"])
            .Select(name => $"{name} --fields \"Name:string\""),
        "Person --fields \"Name:string\" --plural People",
    ];

    public static IReadOnlyList<string> Fields { get; } =
    [
        .. FieldType.All.SelectMany(type => (string[])[Field(type), Field(type) + "?"]).Select(field => $"OrderLine --fields \"{field}\""),
        "OrderLine --fields \"\"",
        "OrderLine --fields \"Rank:integer\"",
        "OrderLine --fields \"name:string\"",
        "OrderLine --fields \"Id:long OrderLine:string\"",
        "OrderLine --fields \"Status:enum()\"",
        "OrderLine --fields \"  A:int   B:enum(One, Two)?\"",
        Everything,
    ];

    public static IReadOnlyList<string> Flags { get; } =
    [
        $"{Reference} --versions both",
        $"{Reference} --operations read",
        $"{Reference} --owned",
        $"{Reference} --owned --versions both",
        $"{Reference} --owned --operations read",
        "OrderLine --fields \"Customer:ref\" --operations read --versions both",
    ];

    // In one resource, names differ from one another and from those of types.
    private static string Required(FieldType type) =>
        type.Name is "ref" or "enum" ? Field(type) : Field(type).Replace(":", "Value:", StringComparison.Ordinal);

    private static string Optional(FieldType type) => type.Name switch
    {
        "ref" => "Reviewer:ref(Customer)?",
        "enum" => "Priority:enum(Low,High)?",
        _ => $"{Field(type).Replace(":", "Note:", StringComparison.Ordinal)}?",
    };

    private static string Field(FieldType type) => type.Name switch
    {
        "ref" => "Customer:ref",
        "enum" => "Status:enum(Draft,Submitted,Paid)",
        var name => $"{char.ToUpperInvariant(name[0])}{name[1..]}:{name}",
    };
}
