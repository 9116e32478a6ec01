using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace InterviewApi.Core.Http;

/// <summary>Reads lines, and never holds more than one of them.</summary>
public static class BoundedLines
{
    private static readonly StreamPipeReaderOptions Options = new(bufferSize: 64 * 1024, leaveOpen: true);

    /// <summary>Reads the lines without their ends. A line that is too long is null, and ends the reading.</summary>
    public static async IAsyncEnumerable<byte[]?> ReadAsync(
        Stream stream, int maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, Options);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = buffer.Slice(0, end);
                    if (line.Length > maxBytes)
                    {
                        yield return null;
                        yield break;
                    }

                    yield return TrimEnd(line.ToArray());
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (buffer.Length > maxBytes)
                {
                    yield return null;
                    yield break;
                }

                if (result.IsCompleted)
                {
                    if (buffer.Length > 0)
                    {
                        yield return TrimEnd(buffer.ToArray());
                    }

                    yield break;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static byte[] TrimEnd(byte[] line) => line is [.. var text, (byte)'\r'] ? text : line;
}
