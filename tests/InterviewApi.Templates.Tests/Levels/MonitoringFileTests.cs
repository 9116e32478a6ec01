using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The dashboard and the alert rules of every combination: they can be read, and ask only for metrics that there are.</summary>
[Trait("Level", "Docs")]
public sealed partial class MonitoringFileTests
{
    [Fact]
    public async Task Dashboards_and_alerts_use_only_metrics_of_the_table()
    {
        var table = await Suite.RenderedAsync();
        var problems = new SortedSet<string>();
        foreach (var combination in table.DistinctProjects("monitoring/"))
        {
            var documented = await MetricsTable.ReadAsync(combination);
            var known = documented.SelectMany(metric => MetricsTable.PrometheusNames(metric.Key, metric.Value)).ToHashSet();
            var files = table.Project(combination).Where(file => file.Path.StartsWith("monitoring/", StringComparison.Ordinal)).ToArray();
            Assert.Equal(2, files.Length);
            foreach (var (path, content) in files)
            {
                var used = Metric().Matches(Encoding.UTF8.GetString(content)).Select(
                    match => match.Groups["name"].Value).Distinct().ToArray();
                Assert.NotEmpty(used);
                problems.UnionWith(used.Where(name => !known.Contains(name)).Select(name => $"{path}: {name}"));
            }
        }

        Problems.AssertNone([.. problems]);
    }

    [Fact]
    public async Task Every_dashboard_is_JSON_and_its_panels_do_not_overlap()
    {
        foreach (var content in (await Suite.RenderedAsync()).Files["monitoring/dashboard.json"].Contents)
        {
            var panels = JsonDocument.Parse(content).RootElement.GetProperty("panels").EnumerateArray().ToArray();

            Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("gridPos").GetRawText()).Distinct().Count());
        }
    }

    [Fact]
    public async Task Promtool_accepts_every_set_of_alert_rules()
    {
        Requires.Promtool();
        var folder = new TemporaryFolder("alerts").Path;
        var contents = (await Suite.RenderedAsync()).Files["monitoring/alerts.yaml"].Contents;
        var files = contents.Select((_, number) => Path.Combine(folder, $"{number}.yaml")).ToArray();
        foreach (var (file, content) in files.Zip(contents))
        {
            await File.WriteAllBytesAsync(file, content);
        }

        (await Cli.RunAsync("promtool", folder, TimeSpan.FromMinutes(1), ["check", "rules", .. files])).EnsureSucceeded();
    }

    // A process exports no number of stolen tokens until there is one.
    [Fact]
    public async Task The_first_stolen_token_of_a_process_is_an_alert()
    {
        Requires.Promtool();
        var folder = new TemporaryFolder("alerts").Path;
        var rules = (await Suite.RenderedAsync()).Files["monitoring/alerts.yaml"].Contents
            .First(content => content.AsSpan().IndexOf("StolenToken"u8) > 0);
        await File.WriteAllBytesAsync(Path.Combine(folder, "alerts.yaml"), rules);
        await File.WriteAllTextAsync(Path.Combine(folder, "test.yaml"), """
            rule_files: [alerts.yaml]
            tests:
              - interval: 1m
                input_series:
                  - series: 'auth_failures_total{job="Acme.Shop", auth_failure_reason="refresh_token_reused"}'
                    values: '_x10 1x60'
                alert_rule_test:
                  - eval_time: 12m
                    alertname: StolenToken
                    exp_alerts: [{ exp_labels: { severity: ticket }, exp_annotations: { summary: a refresh token was used twice } }]
                  - { eval_time: 40m, alertname: StolenToken, exp_alerts: [] }
            """);

        (await Cli.RunAsync("promtool", folder, TimeSpan.FromMinutes(1), ["test", "rules", "test.yaml"])).EnsureSucceeded();
    }

    // The name of a metric stands before a selector.
    [GeneratedRegex(@"(?<name>[a-z]+(_[a-z]+)+)\{")]
    private static partial Regex Metric();
}
