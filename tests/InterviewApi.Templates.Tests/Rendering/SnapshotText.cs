using System.Collections;
using System.Text;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// All renderings of one file as one text: its lines in order, and above each block of lines that only some combinations
/// have a line <c>@@ CONDITION</c>, such as <c>@@ auth=jwt</c>; <c>@@ always</c> ends it.
/// </summary>
internal static class SnapshotText
{
    private const string Mark = "@@ ";
    private const string All = Condition.Always;
    private const string NoNewLine = "\\ No newline at end of file\n";

    // One character for each byte: what is written is read back as it was, whatever the encoding.
    private static readonly Encoding Bytes = Encoding.Latin1;

    /// <exception cref="InvalidDataException">A line of a rendering begins as a mark does.</exception>
    public static byte[] Write(OptionSpace space, RenderedFile file)
    {
        var lines = file.Contents.Select(content => Lines(Bytes.GetString(content))).ToArray();
        var conditions = new Dictionary<string, string>();
        var (text, current) = (new StringBuilder(), All);
        foreach (var (line, renderings) in MergedLines.Merge(lines))
        {
            var key = string.Join(',', renderings.Order());
            if (!conditions.TryGetValue(key, out var condition))
            {
                conditions.Add(key, condition = renderings.Count == lines.Length ? All : Describe(space, file, renderings));
            }

            if (line.StartsWith(Mark, StringComparison.Ordinal) || line == NoNewLine)
            {
                throw new InvalidDataException($"This line of a generated file looks like a mark of the snapshots: {line}");
            }

            text.Append(
                condition == current ? "" : $"{Mark}{condition}\n").Append(line).Append(line.EndsWith('\n') ? "" : "\n" + NoNewLine);
            current = condition;
        }

        return Bytes.GetBytes(text.ToString());
    }

    /// <summary>The renderings again, of the combinations that have the file.</summary>
    public static RenderedFile Read(OptionSpace space, BitArray present, byte[] snapshot)
    {
        var blocks = new List<(BitArray Members, StringBuilder Text)> { (present, new StringBuilder()) };
        foreach (var line in Lines(Bytes.GetString(snapshot)))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                var condition = line[Mark.Length..].TrimEnd('\n');
                blocks.Add((condition == All ? present : Condition.Parse(space, condition), new StringBuilder()));
            }
            else if (line == NoNewLine)
            {
                blocks[^1].Text.Length--;
            }
            else
            {
                blocks[^1].Text.Append(line);
            }
        }

        var file = new RenderedFileBuilder(space.Count);
        var contents = new Dictionary<string, byte[]>();
        foreach (var number in Enumerable.Range(0, space.Count).Where(number => present[number]))
        {
            var key = string.Concat(blocks.Select(block => block.Members[number] ? '1' : '0'));
            if (!contents.TryGetValue(key, out var content))
            {
                contents.Add(
                    key, content = Bytes.GetBytes(string.Concat(blocks.Where(block => block.Members[number]).Select(block => block.Text))));
            }

            file.Add(number, content);
        }

        return file.Build();
    }

    private static string Describe(OptionSpace space, RenderedFile file, IReadOnlySet<int> renderings)
    {
        var (members, present) = (new BitArray(space.Count), new BitArray(space.Count));
        for (var number = 0; number < space.Count; number++)
        {
            members[number] = renderings.Contains(file.RenderingOf[number]);
            present[number] = file.RenderingOf[number] != RenderedFile.Absent;
        }

        return Condition.Describe(space, members, present);
    }

    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length; start += lines[^1].Length)
        {
            var end = text.IndexOf('\n', start);
            lines.Add(end < 0 ? text[start..] : text[start..(end + 1)]);
        }

        return [.. lines];
    }
}
