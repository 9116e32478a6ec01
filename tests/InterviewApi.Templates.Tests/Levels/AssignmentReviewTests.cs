extern alias Grading;
using System.Text;
using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Harness;
using Baseline = Grading::Baseline;
using Kit = Grading::Kit;
using PullRequestReview = Grading::PullRequestReview;
using Submission = Grading::Submission;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The review of a pull request with planted faults, graded from the rows of a table.</summary>
[Trait("Level", "Assignment")]
public sealed class AssignmentReviewTests
{
    private const int Points = 16;

    public static TheoryData<string> Domains => [.. AssignmentDraws.Domains];

    [Theory]
    [MemberData(nameof(Domains))]
    public async Task The_pull_request_applies_the_reference_finds_every_fault_and_the_handout_none(string domain)
    {
        var kit = await RenderAsync($"--level senior --domain {domain} --variant 17");
        await Baseline.GitAsync(kit.Handout, "apply", "--check", "pull-request.patch");

        Assert.Equal((0, Points), Grade(kit, File.ReadAllText(Path.Combine(kit.Handout, "REVIEW.md"))).Score);
        var (score, remarks) = Grade(kit, File.ReadAllText(Path.Combine(kit.Review, "reference", "REVIEW.md")));
        Assert.Equal((Points, Points), score);
        Assert.Empty(remarks);
    }

    [Fact]
    public async Task A_row_needs_a_place_and_words_and_counts_for_one_fault()
    {
        var kit = await RenderAsync("--level senior");

        const string path = "src/Acme.Shop/Repositories/CustomerRepository.cs";
        Assert.Equal((2, Points), Grade(kit, $"| {path} | L27-29 | The text becomes SQL. |").Score);
        Assert.Equal((2, Points), Grade(kit, "| `CustomerRepository.cs` | 29 | The text becomes SQL. |").Score);
        Assert.Equal((0, Points), Grade(kit, "| CustomerRepository.cs | 28 | SQL |").Score);
        Assert.Equal((0, Points), Grade(kit, "| CustomerRepository.cs | 1-40 | Something is wrong. |").Score);
        Assert.Equal((0, Points), Grade(kit, "| OtherRepository.cs | 28 | The text becomes SQL. |").Score);
        var twice = Grade(
            kit, "| CustomerRepository.cs | 28 | The text becomes SQL. |\n| CustomerRepository.cs | 29 | A statement is built. |");
        Assert.Equal((2, Points), twice.Score);
        Assert.Empty(twice.Remarks);
    }

    [Theory]
    [InlineData("| CustomerRepository.cs | 28-34 | The text becomes SQL. |")]
    [InlineData("| CustomerRepository.cs | 28, 29 | The text becomes SQL. |")]
    [InlineData("| CustomerRepository.cs | SearchAsync | The text becomes SQL. |")]
    [InlineData("| CustomerRepository.cs | 28 | SQL |")]
    [InlineData("| CustomerRepository.cs | 28 | It lacks a || b, and the text becomes SQL. |")]
    public async Task A_row_that_is_not_in_the_form_does_not_count_and_is_listed_for_a_reader(string row)
    {
        var kit = await RenderAsync("--level senior");

        var (score, remarks) = Grade(kit, File.ReadAllText(Path.Combine(kit.Handout, "REVIEW.md")) + row);

        Assert.Equal((0, Points), score);
        Assert.Equal($"REVIEW.md has a row that is not in the form, and does not count: {row}", Assert.Single(remarks));
    }

    [Fact]
    public async Task A_false_alarm_is_listed_for_a_reader_and_rows_beyond_the_limit_do_not_count()
    {
        var kit = await RenderAsync("--level senior");
        var alarms = Enumerable.Range(0, 16).Select(index => $"| CustomerSchemas.cs | {index + 1} | I do not like line {index + 1}. |");

        var (score, remarks) = Grade(kit, string.Join('\n', [.. alarms, "| CustomerRepository.cs | 28 | The text becomes SQL. |"]));

        Assert.Equal((0, Points), score);
        Assert.Contains("REVIEW.md has 17 rows, of which the first 16 count.", remarks);
        Assert.Contains(remarks, remark => remark.EndsWith("CustomerSchemas.cs, line 3: I do not like line 3.", StringComparison.Ordinal));
    }

    private static async Task<Kit> RenderAsync(string flags)
    {
        using var engine = await AssignmentEngine.LoadAsync();
        var folder = new TemporaryFolder($"review-{Guid.NewGuid():N}").Path;
        foreach (var (path, content) in await engine.RenderAsync(flags))
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, content);
        }

        return new Kit(folder);
    }

    private static ((int Points, int Of) Score, IReadOnlyList<string> Remarks) Grade(Kit kit, string review)
    {
        var folder = new TemporaryFolder($"submission-{Guid.NewGuid():N}").Path;
        File.WriteAllText(Path.Combine(folder, "REVIEW.md"), review, Encoding.UTF8);
        var submission = Submission.Empty(folder);
        var results = PullRequestReview.Grade(kit, submission);
        return (((int)results.Sum(result => result.Points), (int)results.Sum(result => result.Of)), submission.Remarks);
    }
}
