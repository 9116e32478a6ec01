using System.Text.Json.Nodes;

/// <summary>One check, with the lowest points of all runs.</summary>
public sealed record CheckResult(string Name, string Area, double Points, double Of, bool IsHidden, string Message, bool Varies);

/// <summary>The tests of the submission: those of the skeleton, and the candidate's.</summary>
/// <param name="Added">How many methods with a test the candidate added.</param>
/// <param name="FailedNames">The first tests that failed.</param>
public sealed record TestResult(
    int Passed, int Failed, int Added, IReadOnlyList<string> FailedNames, int CoveredLines, int Lines);

/// <summary>What grading found.</summary>
public sealed class Grade
{
    public required Submission Submission { get; init; }

    public required string Sandbox { get; init; }

    /// <value>Why the application could not be checked: a result of its own, and not 0 points.</value>
    public string? CouldNotStart { get; set; }

    public string Build { get; set; } = "not measured";

    public string Format { get; set; } = "not measured";

    public TestResult? Tests { get; set; }

    public IReadOnlyList<CheckResult> Checks { get; set; } = [];

    /// <value>Where the served OpenAPI document differs from the contract.</value>
    public IReadOnlyList<string> ContractDifferences { get; set; } = [];

    public double Points => Checks.Sum(check => check.Points);

    public double Of => Checks.Sum(check => check.Of);

    public double Percent => Of == 0 ? 0 : Math.Round(100 * Points / Of, 1);

    public string Summary => CouldNotStart is null ? $"{Points:0.#} of {Of:0} points, {Percent:0.#} %" : "Could not start, no score";

    public JsonObject ToJson(string id) => new()
    {
        ["id"] = id,
        ["result"] = CouldNotStart is null ? "checked" : "could not start",
        ["reason"] = CouldNotStart,
        ["points"] = CouldNotStart is null ? Points : null,
        ["of"] = CouldNotStart is null ? Of : null,
        ["sandbox"] = Sandbox,
        ["remarks"] = new JsonArray([.. Submission.Remarks.Select(remark => JsonValue.Create(remark))]),
        ["files"] = Submission.Changes.Count,
        ["linesAdded"] = Submission.Changes.Sum(change => change.Added),
        ["linesRemoved"] = Submission.Changes.Sum(change => change.Removed),
        ["build"] = Build,
        ["format"] = Format,
        ["tests"] = Tests is null ? null : new JsonObject
        {
            ["passed"] = Tests.Passed,
            ["failed"] = Tests.Failed,
            ["added"] = Tests.Added,
            ["coveredLines"] = Tests.CoveredLines,
            ["lines"] = Tests.Lines,
        },
        ["contractDifferences"] = new JsonArray([.. ContractDifferences.Select(difference => JsonValue.Create(difference))]),
        ["checks"] = new JsonArray([.. Checks.Select(check => new JsonObject
        {
            ["name"] = check.Name,
            ["area"] = check.Area,
            ["points"] = check.Points,
            ["of"] = check.Of,
            ["hidden"] = check.IsHidden,
            ["varies"] = check.Varies,
            ["message"] = check.Message,
        })]),
    };
}
