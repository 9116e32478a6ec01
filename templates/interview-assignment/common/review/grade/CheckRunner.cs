using System.Text.Json.Nodes;

/// <summary>Runs the visible and the hidden checks, each time with a new process and a new database.</summary>
public sealed class CheckRunner
{
    private const int Runs = 3;

    private readonly string _work;

    private CheckRunner(string work) => _work = work;

    /// <summary>
    /// Builds the checks of the kit, never those of a submission. They are built in place, so that the SDK takes over what
    /// it built for the submission before.
    /// </summary>
    public static async Task<CheckRunner> BuildAsync(Kit kit, string work)
    {
        var (visible, hidden) = (Path.Combine(kit.Handout, "checks", "checks.cs"), Path.Combine(kit.Review, "hidden", "hidden.cs"));
        await Processes.RequireAsync(work, "dotnet", "build", visible, "--output", Path.Combine(work, "visible"));
        await Processes.RequireAsync(work, "dotnet", "build", hidden, "--output", Path.Combine(work, "hidden"));
        return new CheckRunner(work);
    }

    public async Task RunAsync(Grade grade, ISandbox sandbox, Kit kit, int runs = Runs)
    {
        var found = new List<CheckResult>();
        for (var run = 1; run <= runs; run++)
        {
            var assembly = $"src/{kit.Name}/bin/Release/net10.0/{kit.Name}.dll";
            await sandbox.StartAsync(assembly, kit.Instances);
            var reachable = await CheckAsync(sandbox, "visible/checks.dll", run, false, found)
                && await CheckAsync(sandbox, "hidden/hidden.dll", run, true, found);
            if (run == 1 && reachable)
            {
                var contract = File.ReadAllLines(Path.Combine(kit.Handout, "contract.yaml"));
                grade.ContractDifferences = Contract.Compare(
                    contract, [await sandbox.GetAsync("/openapi/v1.json"), await sandbox.GetAsync("/openapi/v2.json")]);
            }

            var outcome = await sandbox.StopAsync();
#if (IsSenior)
            if (reachable && kit.Instances > 1 && sandbox is not RunningApplication)
            {
                await sandbox.StartAsync(assembly, kit.Instances, keep: true);
                reachable = await CheckAsync(sandbox, "hidden/hidden.dll", run, true, found, "--after-restart");
                outcome = await sandbox.StopAsync();
            }

#endif
            if (outcome.Stopped is { } reason)
            {
                grade.Submission.Remarks.Add($"The application was ended: {reason}.");
            }

            if (!reachable)
            {
                var wrote = outcome.Tail.Length > 0 ? $"It wrote: {outcome.Tail}" : null;
                string?[] reasons = [$"The application did not answer in run {run}.", outcome.Stopped, wrote];
                grade.CouldNotStart = string.Join(' ', reasons.OfType<string>());
                return;
            }
        }

        // What differs between runs is not done: the lowest points count.
        grade.Checks = [.. found.GroupBy(check => (check.IsHidden, check.Area, check.Name)).Select(results =>
            results.MinBy(check => check.Points)! with { Varies = results.Select(check => check.Points).Distinct().Count() > 1 })];
#if (IsSenior)
        grade.Checks = [.. grade.Checks, .. PullRequestReview.Grade(kit, grade.Submission)];
#endif
    }

    private async Task<bool> CheckAsync(
        ISandbox sandbox, string assembly, int run, bool isHidden, List<CheckResult> found, params string[] options)
    {
        var results = Directory.CreateDirectory(Path.Combine(_work, $"results-{run}-{isHidden}")).FullName;
        var file = Path.Combine(results, "ctrf.json");
        File.Delete(file);
        var outcome = await sandbox.CheckAsync(Path.Combine(_work, assembly), results, options);
        if (!File.Exists(file))
        {
            return outcome.ExitCode is 0 or 1 ? throw new GradingException($"The checks wrote no results: {outcome.Tail}") : false;
        }

        found.AddRange(JsonNode.Parse(await File.ReadAllTextAsync(file))!["results"]!["tests"]!.AsArray().Select(test => new CheckResult(
            (string)test!["name"]!,
            (string)test["extra"]!["area"]!,
            (double)test["extra"]!["points"]!,
            (double)test["extra"]!["of"]!,
            isHidden,
            (string)test["message"]!,
            false)));
        return true;
    }
}
