using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(InterviewApi.Templates.Tests.Harness.CleanUp))]

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Ends the servers of a run and deletes its folders.</summary>
/// <remarks>
/// The folders hold hundreds of thousands of files. xunit fails a run whose process needs more than ten seconds to exit, so
/// they are deleted while the run still counts as running.
/// </remarks>
public sealed class CleanUp : ITestPipelineStartup
{
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        // A run that is broken off must leave nothing behind either.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Run();
        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync()
    {
        Run();
        return ValueTask.CompletedTask;
    }

    private static void Run()
    {
        ServerProcess.KillAll();
        TemporaryFolder.DeleteAll();
    }
}
