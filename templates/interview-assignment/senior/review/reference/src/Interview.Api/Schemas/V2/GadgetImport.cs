using System.Runtime.CompilerServices;
using InterviewApi.Services;

namespace InterviewApi.Schemas.V2;

/// <summary>
/// A file with one gadget in each line. It is received to disk before the first row is stored, so that a slow client holds
/// no lock of the database, and is never in memory as a whole.
/// </summary>
public sealed class GadgetImport(JsonSerializerOptions json) : IAsyncDisposable
{
    public const int MaxBytes = 64 * 1024 * 1024;
    private const int MaxLineBytes = 4096;
    private const int MaxErrors = 20;

    private readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });

    /// <exception cref="InvalidRequestException">There is no row, or the named lines are wrong: the first of them.</exception>
    public async Task ReceiveAsync(Stream body, CancellationToken cancellationToken)
    {
        await body.CopyToAsync(_file, cancellationToken);
        var (rows, errors) = (0, new Dictionary<string, string[]>());
        await foreach (var (number, line) in ReadLinesAsync(cancellationToken))
        {
            rows++;
            if (ErrorsOf(line) is { Length: > 0 } found)
            {
                errors.Add(number.ToString(CultureInfo.InvariantCulture), found);
                if (errors.Count == MaxErrors)
                {
                    break;
                }
            }
        }

        if (errors.Count > 0 || rows == 0)
        {
            throw new InvalidRequestException(errors.Count > 0 ? errors : new() { ["$"] = ["There is no row."] });
        }
    }

    /// <summary>Reads the rows that were received.</summary>
    public async IAsyncEnumerable<NewGadget> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (_, line) in ReadLinesAsync(cancellationToken))
        {
            yield return JsonSerializer.Deserialize<GadgetRequest>(line, json)!.ToFields();
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async IAsyncEnumerable<(int Number, byte[]? Line)> ReadLinesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        _file.Position = 0;
        await foreach (var line in BoundedLines.ReadAsync(_file, MaxLineBytes, cancellationToken))
        {
            number++;
            if (line is not { Length: 0 })
            {
                yield return (number, line);
            }
        }
    }

    private string[] ErrorsOf(byte[]? line)
    {
        if (line is null)
        {
            return [$"The line has more than {MaxLineBytes} bytes."];
        }

        try
        {
            var results = new List<ValidationResult>();
            return JsonSerializer.Deserialize<GadgetRequest>(line, json) is not { } row ? ["The line is not an object."]
                : Validator.TryValidateObject(row, new ValidationContext(row), results, validateAllProperties: true) ? []
                : [.. results.Select(result => result.ErrorMessage!)];
        }
        catch (JsonException)
        {
            return ["The line is not valid JSON, or a value has the wrong type."];
        }
    }
}
