namespace InterviewApi.Templates.Tests.Items;

/// <summary>
/// A type that a field of <c>dotnet new interview-resource</c> may have. In the lines of the generated code, {m} is the
/// resource, {v} a variable that holds one, {f} the field, and {a} what stands in the parentheses after the type.
/// </summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Clr">The C# type of the property.</param>
/// <param name="Summary">What the documentation says about a value.</param>
/// <param name="Example">A value in the OpenAPI document.</param>
/// <param name="Sample">The same value as a C# expression.</param>
internal sealed record FieldType(string Name, string Clr, string Summary, string Example, string Sample)
{
    /// <summary>The table: a new type is a new line, and the tests of the item try it in every place.</summary>
    public static IReadOnlyList<FieldType> All { get; } =
    [
        new("string", "string", "Text on one line, at most 100 characters.", "Example", "\"Example\"") { MaxLength = 100 },
        new("text", "string", "Text, at most 2,000 characters.", "Example", "\"Example\\ntext\"")
        {
            MaxLength = 2000,
            PlainText = "PlainText(MultiLine = true)",
        },
        new("int", "int", "A whole number.", "1", "1"),
        new("long", "long", "A whole number.", "1", "1L"),
        new("decimal", "decimal", "A number up to a billion, rounded to two decimal places.", "12.5", "12.50m")
        {
            Limit = "Range(typeof(decimal), \"-1000000000\", \"1000000000\", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)",
            Configuration = ".HasPrecision(18, 2)",
            Response = "{v}.{f} + 0.00m",
            Assignment = "decimal.Round({f}!.Value, 2)",
            OptionalAssignment = "{f} is null ? null : decimal.Round({f}.Value, 2)",
        },
        new("bool", "bool", "True or false.", "true", "true"),
        new("date", "DateOnly", "A date, such as 2030-01-31.", "2030-01-31", "new DateOnly(2030, 1, 31)"),
        new("time", "TimeOnly", "A time of day in whole seconds, such as 13:30:00.", "13:30:00", "new TimeOnly(13, 30)")
        {
            // Not every database stores what System.Text.Json reads, and the response to a write must equal later reads.
            Assignment = "new TimeOnly({f}!.Value.Hour, {f}.Value.Minute, {f}.Value.Second)",
            OptionalAssignment = "{f} is null ? null : new TimeOnly({f}.Value.Hour, {f}.Value.Minute, {f}.Value.Second)",
        },
        new(
            "datetime", "DateTimeOffset", "A time with its offset from UTC, such as 2030-01-31T13:30:00Z.", "2030-01-31T13:30:00Z",
            "new DateTimeOffset(2030, 1, 31, 13, 30, 0, TimeSpan.Zero)")
        {
            Limit = "JsonConverter(typeof(TimeConverter))",
        },
        new("guid", "Guid", "A UUID.", "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "new Guid(\"6f9619ff-8b86-4011-b42d-00cf4fc964ff\")"),
        new("ref", "long", "The id of what it refers to. An id that does not exist is a conflict.", "1", "await api.AddAsync<{a}>()")
        {
            Property = "{f}Id",
            Arguments = @"\((?<a>[A-Z]\w*)\)",
            Configuration = null,
            Relation = ["        builder.HasOne<{a}>().WithMany().HasForeignKey({v} => {v}.{f}Id).OnDelete(DeleteBehavior.Restrict);"],
        },
        new("enum", "{m}{f}", "One of {a}.", "{first}", "\"{first}\"")
        {
            Arguments = @"\((?<a>(?<first>[A-Z]\w*)(?:, *[A-Z]\w*)*)\)",
            Configuration = ".HasConversion<string>().HasMaxLength(50)",
        },
    ];

    /// <value>The most characters; 0 for what is not text.</value>
    public int MaxLength { get; init; }

    public string PlainText { get; init; } = "PlainText";

    /// <value>The attribute that keeps a value within what the database stores.</value>
    public string? Limit { get; init; }

    /// <value>What follows the type on the command line, as a regular expression.</value>
    public string Arguments { get; init; } = "";

    public string Property { get; init; } = "{f}";

    /// <value>What the property needs in the configuration of the table.</value>
    public string? Configuration { get; init; }

    public IReadOnlyList<string> Relation { get; init; } = [];

    public string Response { get; init; } = "{v}.{p}";

    public string? Assignment { get; init; }

    public string? OptionalAssignment { get; init; }

    public bool IsText => MaxLength > 0;

    /// <value>An example of how the type is written on the command line.</value>
    public string Shown => Name switch
    {
        "ref" => "Customer:ref",
        "enum" => "Status:enum(Draft,Paid)",
        _ => Name,
    };

    public string ShownClr => Name switch
    {
        "ref" => "long CustomerId",
        "enum" => "an enumeration",
        _ => Clr,
    };
}
