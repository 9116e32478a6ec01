extern alias Grading;
using System.Globalization;
using System.Net;
using InterviewApi.Templates.Tests.Assignments;
using Answer = Grading::Answer;
using Findings = Grading::Findings;
using GradingException = Grading::GradingException;
using RunningApplication = Grading::RunningApplication;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What a check states: any good answer holds, one mistake costs once, and a race costs in whichever round it shows.</summary>
[Trait("Level", "Assignment")]
public sealed class AssignmentFairnessTests
{
    [Theory]
    [InlineData("yyyy-MM-ddTHH:mm:ssZ", 0, true)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fffffffzzz", -5, true)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fffzzz", 9, true)]
    [InlineData("yyyy-MM-ddTHH:mm:ss", 0, false)]
    [InlineData("yyyy-MM-ddTHH:mm:ss'-05:00'", 0, false)]
    public void A_time_of_now_may_have_any_offset_and_must_have_one(string format, int hours, bool holds)
    {
        var findings = new Findings();

        findings.TimeOfNow(
            DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(hours)).ToString(format, CultureInfo.InvariantCulture), "createdAt");

        Assert.Equal(holds ? 1 : 0, findings.Share);
    }

    [Theory]
    [InlineData(HttpStatusCode.Created, 1)]
    [InlineData(HttpStatusCode.OK, 0.5)]
    [InlineData(HttpStatusCode.BadRequest, 0)]
    public void Another_success_costs_where_the_status_is_stated_and_nowhere_else(HttpStatusCode status, double share)
    {
        var findings = new Findings();
        var answer = new Answer("POST /api/v2/orders", status, null, null, []);

        findings.Status(HttpStatusCode.Created, answer);
        findings.Accepted(answer);

        Assert.Equal(share, findings.Share);
    }

    [Theory]
    [InlineData("/api/v2/orders/1", "/api/v2/orders/1", true)]
    [InlineData("http://localhost:5080/api/v2/orders/1", "http://localhost:5081/api/v2/orders/1", true)]
    [InlineData("/api/v2/orders/1", "https://shop.example/api/v2/orders/1", true)]
    [InlineData("http://localhost:5080/api/v2/orders/1", "http://localhost:5080/api/v2/orders/2", false)]
    [InlineData("/api/v2/orders/1", null, false)]
    [InlineData(null, null, false)]
    public void A_location_may_begin_with_the_address_of_the_instance(string? first, string? again, bool holds)
    {
        var findings = new Findings();

        findings.SameLocation(
            new("POST /api/v2/orders", HttpStatusCode.Created, null, first, []),
            new("POST /api/v2/orders", HttpStatusCode.Created, null, again, []));

        Assert.Equal(holds ? 1 : 0, findings.Share);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, true)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, true)]
    [InlineData(null, true)]
    [InlineData(HttpStatusCode.OK, false)]
    [InlineData(HttpStatusCode.InternalServerError, false)]
    public async Task A_body_without_an_end_may_also_be_refused_by_closing_the_connection(HttpStatusCode? status, bool holds)
    {
        var findings = new Findings();

        await findings.RefusedEarlyAsync(
            status is { } answered
                ? Task.FromResult(new Answer("POST /api/v2/orders/import", answered, null, null, []))
                : Task.FromException<Answer>(new HttpRequestException("Error while copying content to a stream.")),
            "it is refused");

        Assert.Equal(holds ? 1 : 0, findings.Share);
    }

    [Fact]
    public void What_is_refused_is_named_by_the_address_or_by_what_was_sent()
    {
        const string statement = "findings.Status(HttpStatusCode.BadRequest, await ";
        var unnamed =
            from file in Directory.GetFiles(AssignmentDefinition.Folder, "*.cs", SearchOption.AllDirectories)
            where Path.GetFileName(file) is "checks.cs" or "hidden.cs"
            from line in File.ReadLines(file)
            where line.Contains(statement, StringComparison.Ordinal) && !line.Contains(".GetAsync(", StringComparison.Ordinal)
            select $"{Path.GetRelativePath(AssignmentDefinition.Folder, file)}: {line.Trim()}";

        Assert.Equal("", string.Join('\n', unnamed));
    }

    [Fact]
    public async Task Of_several_rounds_the_worst_counts()
    {
        var (findings, number) = (new Findings(), 0);

        await findings.RoundsAsync(3, round =>
        {
            number++;
            round.That(true, "the status is 200");
            round.That(number != 2, $"round {number} has no race");
            return Task.CompletedTask;
        });

        Assert.Equal((3, 0.5), (number, findings.Share));
        Assert.Equal("expected: round 2 has no race", Assert.Single(findings.Failures));
    }

    [Theory]
    [InlineData("http://localhost:5080", 2)]
    [InlineData("http://localhost:5080,http://localhost:5081", 1)]
    [InlineData("localhost:5080", 1)]
    [InlineData("", 1)]
    public void What_runs_is_graded_at_one_address_for_each_instance(string addresses, int instances) =>
        Assert.Throws<GradingException>(() => RunningApplication.Parse(addresses, instances));
}
