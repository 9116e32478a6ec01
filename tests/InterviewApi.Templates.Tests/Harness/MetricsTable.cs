using System.Text;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The metrics that docs/monitoring.md of a generated project lists, with their units.</summary>
internal static partial class MetricsTable
{
    /// <summary>Those of a combination; without one, of the full project.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(int? combination = null)
    {
        var table = await Suite.RenderedAsync();
        var page = table.Files["docs/monitoring.md"];
        var number = combination ?? table.Space.FirstWith(("database", "postgres"), ("cache", "redis")).Number;

        return Row().Matches(Encoding.UTF8.GetString(page.Contents[page.RenderingOf[number]]))
            .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["unit"].Value);
    }

    /// <summary>The names that Prometheus gives to a metric which it receives over OTLP, as its documentation says.</summary>
    public static IEnumerable<string> PrometheusNames(string name, string unit)
    {
        var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var translated = name.Replace('.', '_') + suffix;
        return [translated, $"{translated}_total", $"{translated}_bucket", $"{translated}_count", $"{translated}_sum"];
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| (?<unit>s|By|\{[a-z_]+\}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
