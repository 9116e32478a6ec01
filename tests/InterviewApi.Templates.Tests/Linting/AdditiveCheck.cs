using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>
/// Turning an option on only adds: no file goes, no line goes or changes. And what belongs to an option is named nowhere
/// while the option is off. Both follow from the renderings alone.
/// </summary>
internal static class AdditiveCheck
{
    /// <summary>One line for each line or file that turning an option on takes away.</summary>
    public static IReadOnlyList<string> Removals(RenderingTable table, AdditiveExceptions exceptions)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, file) in table.Files)
        {
            for (var option = 0; option < table.Space.Options.Count; option++)
            {
                if (table.Space.Options[option] is { Off: not null } subject)
                {
                    found.UnionWith(Removals(table, path, file, option, subject, exceptions));
                }
            }
        }

        return [.. found];
    }

    /// <summary>One line for each line that names a value, a flag or a type of an option that is off.</summary>
    public static IReadOnlyList<string> Leaks(RenderingTable table, AdditiveExceptions exceptions)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        for (var option = 0; option < table.Space.Options.Count; option++)
        {
            var subject = table.Space.Options[option];
            for (var value = 0; value < subject.Values.Count; value++)
            {
                if (subject.Values[value] != subject.Off)
                {
                    found.UnionWith(Leaks(table, option, value, exceptions));
                }
            }
        }

        return [.. found];
    }

    private static IEnumerable<string> Removals(
        RenderingTable table, string path, RenderedFile file, int option, TemplateOption subject, AdditiveExceptions exceptions)
    {
        var off = subject.Values.ToList().IndexOf(subject.Off!);
        var compared = new HashSet<(int Off, int On)>();
        for (var number = 0; number < table.Space.Count; number++)
        {
            var value = table.Space.ValueIndex(number, option);
            var (before, after) = (file.RenderingOf[table.Space.With(number, option, off)], file.RenderingOf[number]);
            if (value == off || before == after || before == RenderedFile.Absent || !compared.Add((before, after)))
            {
                continue;
            }

            var removed = after == RenderedFile.Absent ? ["(the whole file)"]
                : LineDiff.Removed(file.Contents[before], file.Contents[after]);
            foreach (var line in removed.Where(line => !exceptions.Allow(subject.Flag, path, line)))
            {
                yield return $"--{subject.Flag} {subject.Values[value]} takes from {path}: {line.Trim()}";
            }
        }
    }

    private static IEnumerable<string> Leaks(RenderingTable table, int option, int value, AdditiveExceptions exceptions)
    {
        var subject = table.Space.Options[option];
        var words = Vocabulary.Of(table, option, value);
        foreach (var (path, file) in table.Files)
        {
            var others = Enumerable.Range(0, table.Space.Count).Where(number => table.Space.ValueIndex(number, option) != value)
                .GroupBy(number => file.RenderingOf[number]).Where(numbers => numbers.Key != RenderedFile.Absent);
            foreach (var numbers in others)
            {
                var rendering = numbers.Key;
                var isOff = numbers.Any(number => subject.Values[table.Space.ValueIndex(number, option)] == subject.Off);
                var lines = System.Text.Encoding.UTF8.GetString(file.Contents[rendering]).Split('\n').Prepend(path);
                foreach (var (line, word)
                    in words.Mentions(lines, isOff).Where(mention => !exceptions.Allow(subject.Flag, path, mention.Line)))
                {
                    var condition = table.Describe(
                        number => file.RenderingOf[number] == rendering && table.Space.ValueIndex(number, option) != value);
                    yield return $"{path} names '{word}' without --{subject.Flag} {subject.Values[value]} ({condition}): {line.Trim()}";
                }
            }
        }
    }
}
