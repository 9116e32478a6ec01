using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Requests byte for byte as a test writes them, one after the other on one connection without waiting for answers.</summary>
internal static class Pipeline
{
    private const string StatusLine = "HTTP/1.1 ";

    /// <summary>Sends GET requests for the given targets, each with one more header field, and returns the status of each answer.</summary>
    public static async Task<IReadOnlyList<int>> SendAsync(int port, IReadOnlyCollection<(string Target, string Field)> requests)
    {
        using var client = new TcpClient("127.0.0.1", port);
        await using var stream = client.GetStream();
        var text = new StringBuilder();
        foreach (var (target, field) in requests)
        {
            text.Append(CultureInfo.InvariantCulture, $"GET {target} HTTP/1.1\r\nHost: localhost\r\n{field}\r\n\r\n");
        }

        var sending = stream.WriteAsync(Encoding.ASCII.GetBytes(text.ToString())).AsTask();
        var statuses = new List<int>();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (statuses.Count < requests.Count && await reader.ReadLineAsync() is { } line)
        {
            // A body ends without a line break, so the next answer may begin within a line.
            var start = line.IndexOf(StatusLine, StringComparison.Ordinal);
            if (start >= 0)
            {
                statuses.Add(int.Parse(line.AsSpan(start + StatusLine.Length, 3), CultureInfo.InvariantCulture));
            }
        }

        await sending;
        return statuses;
    }
}
