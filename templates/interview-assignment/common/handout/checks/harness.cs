using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

/// <summary>What one check found: how many of its statements hold, and the first ones that do not.</summary>
public sealed class Findings
{
    private readonly List<string> _failures = [];
    private int _count;

    public IReadOnlyList<string> Failures => _failures;

    /// <value>The share of the statements that hold, from 0 to 1.</value>
    public double Share => _count == 0 ? 0 : (double)(_count - _failures.Count) / _count;

    /// <param name="statement">What is expected.</param>
    public void That(bool holds, string statement)
    {
        _count++;
        if (!holds)
        {
            _failures.Add($"expected: {statement}");
        }
    }

    /// <summary>States the status of a response.</summary>
    public void Status(HttpStatusCode expected, Answer answer) =>
        That(answer.Status == expected, $"{answer.Request}: the status is {(int)expected}, and not {(int)answer.Status}");

    /// <summary>States that a body is refused.</summary>
    public void Refused(Answer answer, string body) =>
        That(
            answer.Status == HttpStatusCode.BadRequest,
            $"{answer.Request} with {body}: the status is 400, and not {(int)answer.Status}");

    public void Refused(Answer answer, JsonNode body) => Refused(answer, body.ToJsonString());

    /// <summary>States that a request succeeds. Which status a success has is the matter of another check.</summary>
    public void Accepted(Answer answer) =>
        That(answer.Succeeded, $"{answer.Request}: the status is that of a success, and not {(int)answer.Status}");

    /// <summary>States the same in several rounds, because a race does not show in each of them. The worst round counts.</summary>
    public async Task RoundsAsync(int count, Func<Findings, Task> round)
    {
        var worst = new Findings();
        for (var number = 0; number < count; number++)
        {
            var findings = new Findings();
            await round(findings);
            worst = number == 0 || findings.Share < worst.Share ? findings : worst;
        }

        _count += worst._count;
        _failures.AddRange(worst._failures);
    }

    /// <summary>States that a response is a problem details document.</summary>
    public void Problem(Answer answer) => That(
        answer.ContentType == "application/problem+json" && answer.Member("status") == $"{(int)answer.Status}",
        $"{answer.Request}: the body is application/problem+json with the status");

    /// <summary>States that a text is a time of now, with its offset.</summary>
    /// <param name="source">Where the text is from.</param>
    public void TimeOfNow(string text, string source) => That(
        Regex.IsMatch(text, "(Z|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.IgnoreCase)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time)
            && (DateTimeOffset.UtcNow - time).Duration() < TimeSpan.FromMinutes(5),
        $"{source} is a time of now with its offset, and not '{text}'");

    /// <summary>Ends a check that cannot go on: what it needs does not work. It gets no points.</summary>
    public static Exception Impossible(string reason) => new InvalidOperationException(reason);
#if (IsSenior)

    /// <summary>States that a response is the first one again, which is a success.</summary>
    public void SameResponse(Answer first, Answer again)
    {
        That(
            first.Succeeded && again.Status == first.Status,
            $"{again.Request}: the status is that of the first response, which is a success, and not {(int)again.Status}");
        That(
            first.Succeeded && JsonNode.DeepEquals(first.Json, again.Json),
            $"{again.Request}: the body is that of the first response");
    }

    /// <summary>States that two responses name one address. Each may begin it with that of the instance that answered.</summary>
    public void SameLocation(Answer first, Answer again) => That(
        again.Location is not null && PathOf(again.Location) == PathOf(first.Location),
        $"{again.Request}: Location is that of the first response");

    /// <summary>
    /// States that a body is refused before its end. A server may close the connection of a client that goes on sending, which
    /// then gets no response.
    /// </summary>
    public async Task RefusedEarlyAsync(Task<Answer> sending, string statement)
    {
        HttpStatusCode? status = null;
        try
        {
            status = (await sending).Status;
        }
        catch (HttpRequestException)
        {
            // The connection was closed.
        }

        That(status is null or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, statement);
    }

    private static string? PathOf(string? location) =>
        Uri.TryCreate(location, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address.PathAndQuery
            : location;
#endif
}

/// <summary>A response, read to its end.</summary>
public sealed record Answer(string Request, HttpStatusCode Status, string? ContentType, string? Location, byte[] Bytes)
{
    public bool Succeeded => (int)Status is >= 200 and < 300;

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <value>The body; null if it is not JSON.</value>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Text);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>A member of the body as text; empty if it is not there.</summary>
    public string Member(string name) => (Json as JsonObject)?[name]?.ToString() ?? "";
}

/// <summary>
/// Runs weighted checks against an API, prints them, and writes score.md, junit.xml (JUnit) and ctrf.json (Common Test
/// Report Format). The exit code is 0 if every check has all its points, 1 if not, 2 for wrong arguments, and 3 if the
/// API does not answer, which is a result of its own and not a score of 0.
/// </summary>
public sealed class CheckRun
{
    public const int NotReachable = 3;

    private readonly List<Result> _results = [];
    private readonly string _title;
    private readonly string _output;

    private CheckRun(string title, IReadOnlyList<Uri> addresses, string output)
    {
        (_title, Addresses, _output) = (title, addresses, output);
        Http = new HttpClient { BaseAddress = addresses[0], Timeout = TimeSpan.FromSeconds(15) };
    }

    /// <value>The address of each instance.</value>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <value>A client of the first instance.</value>
    public HttpClient Http { get; }

    private double Earned => _results.Sum(result => result.Earned);

    private int Points => _results.Sum(result => result.Points);

    /// <param name="args">The address of each instance, then optionally <c>--output FOLDER</c> and <c>--wait SECONDS</c>.</param>
    /// <param name="run">Runs the checks.</param>
    /// <param name="instances">How many instances of the API there are.</param>
    public static async Task<int> MainAsync(string title, string[] args, Func<CheckRun, Task> run, int instances = 1)
    {
        var (output, wait) = ("TestResults", 30);
        var addresses = new List<Uri>();
        for (var index = 0; index < args.Length; index++)
        {
            switch (args[index])
            {
                case "--output" when index + 1 < args.Length:
                    output = args[++index];
                    break;
                case "--wait" when index + 1 < args.Length && int.TryParse(args[index + 1], CultureInfo.InvariantCulture, out wait):
                    index++;
                    break;
                case var text when addresses.Count < instances && Uri.TryCreate(text, UriKind.Absolute, out var address):
                    addresses.Add(address);
                    break;
                default:
                    return Usage(instances);
            }
        }

        if (addresses.Count < instances)
        {
            return Usage(instances);
        }

        var checks = new CheckRun(title, addresses, output);
        foreach (var address in addresses)
        {
            if (!await checks.AnswersAsync(address, TimeSpan.FromSeconds(wait)))
            {
                Console.Error.WriteLine($"Could not start: nothing answers at {address} within {wait} seconds. This is not a score.");
                return NotReachable;
            }
        }

        await run(checks);
        return checks.Finish();
    }

    /// <param name="area">What the check belongs to in the score.</param>
    /// <param name="points">What it is worth. Each statement that holds has its share of them.</param>
    public async Task CheckAsync(string area, int points, string name, Func<Findings, Task> check)
    {
        var findings = new Findings();
        var watch = Stopwatch.StartNew();
        double earned = 0;
        IReadOnlyList<string> failures;
        try
        {
            await check(findings);
            failures = findings.Failures;
            earned = Math.Round(points * findings.Share, 1, MidpointRounding.ToZero);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            failures = [.. findings.Failures, exception.Message];
        }

        var result = new Result(area, name, points, earned, failures, watch.Elapsed);
        _results.Add(result);
        Console.WriteLine($"{Text(earned),4} / {points,-3} {area}: {name}");
        foreach (var failure in failures.Take(5))
        {
            Console.WriteLine($"           {failure}");
        }
    }

    /// <summary>Sends a request with a JSON body, or with none.</summary>
    /// <param name="token">The access token, if the request has one.</param>
    public Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? token = null) =>
        SendAsync(method, path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), token);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await Http.SendAsync(request);
        return new(
            $"{method} {path}",
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.Location?.ToString(),
            await response.Content.ReadAsByteArrayAsync());
    }

    private static int Usage(int instances)
    {
        var addresses = string.Join(' ', Enumerable.Range(5080, instances).Select(port => $"http://localhost:{port}"));
        Console.Error.WriteLine($"Usage: dotnet run --file checks/checks.cs -- {addresses} [--output TestResults] [--wait 30]");
        return 2;
    }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    // Any response counts: an API may be written in any language, and may have no health endpoint.
    private async Task<bool> AnswersAsync(Uri address, TimeSpan limit)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < limit; await Task.Delay(100))
        {
            try
            {
                using var response = await Http.GetAsync(new Uri(address, "/"), HttpCompletionOption.ResponseHeadersRead);
                return true;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // It has not started yet.
            }
        }

        return false;
    }

    private int Finish()
    {
        Directory.CreateDirectory(_output);
        File.WriteAllText(Path.Combine(_output, "score.md"), Markdown());
        File.WriteAllText(Path.Combine(_output, "junit.xml"), JUnit().ToString());
        File.WriteAllText(Path.Combine(_output, "ctrf.json"), Ctrf().ToJsonString());
        Console.WriteLine($"{Text(Earned),4} / {Points,-3} points; the files are in {_output}");
        return _results.TrueForAll(result => result.Passed) ? 0 : 1;
    }

    private string Markdown()
    {
        var text = new StringBuilder($"# {_title}: {Text(Earned)} of {Points} points\n\n| Area | Points | Of |\n|---|---|---|\n");
        foreach (var area in _results.GroupBy(result => result.Area))
        {
            var (earned, points) = (area.Sum(result => result.Earned), area.Sum(result => result.Points));
            text.Append(CultureInfo.InvariantCulture, $"| {area.Key} | {Text(earned)} | {points} |\n");
        }

        foreach (var result in _results.Where(result => !result.Passed))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**{result.Area}: {result.Name}** ({Text(result.Earned)} of {result.Points})\n\n");
            var failures = result.Failures.Take(5).Select(failure => failure.ReplaceLineEndings(" ").Replace('`', '\''));
            text.Append(string.Concat(failures.Select(failure => $"- `{failure}`\n")));
        }

        return text.ToString();
    }

    private XElement JUnit() => new(
        "testsuites",
        new XElement(
            "testsuite",
            new XAttribute("name", _title),
            new XAttribute("tests", _results.Count),
            new XAttribute("failures", _results.Count(result => !result.Passed)),
            _results.Select(result => new XElement(
                "testcase",
                new XAttribute("classname", result.Area),
                new XAttribute("name", result.Name),
                new XAttribute("time", result.Time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)),
                result.Passed ? null : new XElement(
                    "failure",
                    new XAttribute("message", $"{Text(result.Earned)} of {result.Points} points"),
                    Printable(result.Failures))))));

    private JsonObject Ctrf() => new()
    {
        ["reportFormat"] = "CTRF",
        ["specVersion"] = "0.0.0",
        ["results"] = new JsonObject
        {
            ["tool"] = new JsonObject { ["name"] = _title },
            ["summary"] = new JsonObject
            {
                ["tests"] = _results.Count,
                ["passed"] = _results.Count(result => result.Passed),
                ["failed"] = _results.Count(result => !result.Passed),
                ["pending"] = 0,
                ["skipped"] = 0,
                ["other"] = 0,
                ["start"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)_results.Sum(result => result.Time.TotalMilliseconds),
                ["stop"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            },
            ["tests"] = new JsonArray([.. _results.Select(result => new JsonObject
            {
                ["name"] = result.Name,
                ["suite"] = new JsonArray(result.Area),
                ["status"] = result.Passed ? "passed" : "failed",
                ["duration"] = (long)result.Time.TotalMilliseconds,
                ["message"] = Printable(result.Failures),
                ["extra"] = new JsonObject { ["area"] = result.Area, ["points"] = result.Earned, ["of"] = result.Points },
            })]),
        },
    };

    // What an API returned may contain characters that XML does not allow.
    private static string Printable(IEnumerable<string> lines) =>
        string.Concat(string.Join('\n', lines).Where(character => character == '\n' || !char.IsControl(character)));

    private sealed record Result(string Area, string Name, int Points, double Earned, IReadOnlyList<string> Failures, TimeSpan Time)
    {
        public bool Passed => Failures.Count == 0;
    }
}
