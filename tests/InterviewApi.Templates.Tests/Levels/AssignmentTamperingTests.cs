extern alias Grading;
using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Harness;
using ContainerSandbox = Grading::ContainerSandbox;
using Submission = Grading::Submission;
using TrustedSandbox = Grading::TrustedSandbox;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Parts of the grading alone, without a build: what it says about a history, a full disk, and the network.</summary>
[Trait("Level", "Assignment")]
public sealed class AssignmentTamperingTests
{
    [Fact]
    public async Task A_history_with_another_first_commit_of_the_same_files_is_named()
    {
        var kit = await AssignmentKit.GenerateAsync("mid", "bookings", 8);
        var repository = await kit.SubmitAsync(
            "rewritten", repository => File.WriteAllText(Path.Combine(repository, "NOTES.md"), "Mine\n"));
        await AssignmentKit.GitAsync(repository, "checkout", "--quiet", "--orphan", "other", "HEAD~1");
        await AssignmentKit.GitAsync(repository, "commit", "--quiet", "--message", "The same files");
        await AssignmentKit.GitAsync(repository, "cherry-pick", "main");

        var submission = await Submission.ReadAsync(kit.Kit, repository, new TemporaryFolder($"work-{Guid.NewGuid():N}").Path);

        var remark = Assert.Single(submission.Remarks);
        Assert.Contains("The history was rewritten: commit", remark, StringComparison.Ordinal);
        Assert.Equal("NOTES.md", Assert.Single(submission.Changes).Path);
    }

    [Fact]
    public async Task A_file_of_10_GB_is_cut_off_and_many_files_are_ended()
    {
        Requires.Programs("prlimit", "truncate");
        await using var sandbox = new TrustedSandbox();
        var folder = new TemporaryFolder($"disk-{Guid.NewGuid():N}").Path;
        await sandbox.OpenAsync(folder);

        // Sparse files: they take no room, and count as what they seem to be.
        var one = await sandbox.RunAsync(TimeSpan.FromMinutes(1), "truncate", "--size", "10G", "large");
        var many = await sandbox.RunAsync(TimeSpan.FromMinutes(2), "sh", "-c", "truncate --size 2000M a b c d e; sleep 601");

        Assert.False(one.Succeeded);
        Assert.Equal("it wrote more than 3 GB", many.Stopped);
        Assert.DoesNotContain(new DirectoryInfo(folder).GetFiles(), file => file.Length > 2L * 1024 * 1024 * 1024);
    }

    [Fact]
    public async Task A_container_has_no_network_and_the_checks_have_only_its_loopback_address()
    {
        Requires.Programs("sh");
        var folder = new TemporaryFolder($"runtime-{Guid.NewGuid():N}").Path;
        var (runtime, log) = (Path.Combine(folder, "runtime"), Path.Combine(folder, "log"));
        await File.WriteAllTextAsync(runtime, $"#!/bin/sh\necho \"$@\" >> '{log}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(runtime, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        // A file that nobody can read is the matter of the build in the container.
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Packages.props"), "<Project>");

        await using (var sandbox = new ContainerSandbox(runtime, "image"))
        {
            await sandbox.OpenAsync(folder);
            await sandbox.StartAsync("src/App/bin/Release/net10.0/App.dll");
            await sandbox.CheckAsync(Path.Combine(folder, "checks.dll"), folder);
        }

        var commands = await File.ReadAllLinesAsync(log);
        var runs = commands.Where(command => command.StartsWith("run ", StringComparison.Ordinal)).ToArray();
        Assert.Contains("--network none --cap-drop ALL", runs[0], StringComparison.Ordinal);
        Assert.Contains("--network container:grade-", runs[1], StringComparison.Ordinal);
        Assert.Equal(2, runs.Length);
        Assert.StartsWith("rm --force --volumes grade-", commands[^1], StringComparison.Ordinal);
    }
}
