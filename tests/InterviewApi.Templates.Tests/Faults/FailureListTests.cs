using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>The end of a run names the tests that failed, and why.</summary>
[Trait("Level", "Faults")]
public sealed class FailureListTests
{
    private const string Results = """
        <TestRun>
          <Results>
            <UnitTestResult executionId="1" testName="Acme.A.Holds" duration="00:00:01" outcome="Passed" relativeResultsDirectory="1">
              <Output><StdOut>Nothing to see.</StdOut></Output>
            </UnitTestResult>
            <UnitTestResult executionId="2" testName="Acme.A.Breaks(text: &quot;a&amp;b&quot;)" duration="00:00:01" outcome="Failed" relativeResultsDirectory="2">
              <Output>
                <StdOut>Nothing to see.</StdOut>
                <ErrorInfo>
                  <Message>Assert.Equal() Failure: 1 &lt; 2

        Expected: 1
        Actual:   2
        the third line of the rest
        Acme.Inner.Fails [FAIL]
          Error Message:
           Assert.True() Failure
        one
        two
        three
        four
        five</Message>
                  <StackTrace>   at Acme.A.Breaks()</StackTrace>
                </ErrorInfo>
              </Output>
            </UnitTestResult>
            <UnitTestResult executionId="3" testName="Acme.A.Is.Skipped" outcome="NotExecuted" relativeResultsDirectory="3">
              <Output><ErrorInfo><Message>There is no server.</Message></ErrorInfo></Output>
            </UnitTestResult>
          </Results>
        </TestRun>
        """;

    [Fact]
    public async Task A_failed_test_is_named_with_the_first_lines_of_its_message_and_the_errors_inside_it()
    {
        Requires.Programs("bash", "awk");
        var folder = new TemporaryFolder("failures");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "run.trx"), Results);
        var list = (
            await Cli.RunAsync(
                "bash", SdkAssemblies.RepositoryRoot, TimeSpan.FromMinutes(1), ["tests/failures.sh", folder.Path, "3"])).EnsureSucceeded();

        Assert.Equal(
            """
            FAILED Acme.A.Breaks(text: "a&b")
                Assert.Equal() Failure: 1 < 2
                Expected: 1
                Actual:   2
                Acme.Inner.Fails [FAIL]
                  Error Message:
                   Assert.True() Failure
                one
                two
                three
            """,
            list.Output.Trim());
    }

    [Fact]
    public async Task A_run_without_results_has_an_empty_list()
    {
        Requires.Programs("bash");
        var folder = new TemporaryFolder("no-results");
        var list = (await Cli.RunAsync("bash", SdkAssemblies.RepositoryRoot, TimeSpan.FromMinutes(1), ["tests/failures.sh", folder.Path]))
            .EnsureSucceeded();

        Assert.Equal("", list.Output.Trim());
    }
}
