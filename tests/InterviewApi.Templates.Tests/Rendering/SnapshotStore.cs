using System.Collections;
using System.Text;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// The approved output: each distinct rendering of each file once, as a <c>.verified.</c> file, and a record that says in
/// which combinations it appears. Both together give back every byte of every combination.
/// </summary>
internal sealed class SnapshotStore(string folder)
{
    private const string Record = "renderings.verified.txt";
    private const string Indent = "  ";

    public string Folder { get; } = folder;

    public RenderingTable Read(OptionSpace space)
    {
        var files = new Dictionary<string, RenderedFileBuilder>();
        var path = "";
        foreach (var line in File.Exists(Path.Combine(Folder, Record)) ? File.ReadLines(Path.Combine(Folder, Record)) : [])
        {
            if (!line.StartsWith(Indent, StringComparison.Ordinal))
            {
                files.Add(path = line, new RenderedFileBuilder(space.Count));
                continue;
            }

            var (label, condition) = line.Trim().Split(": ") is [var left, var right] ? (left, right) : ("", line.Trim());
            var content = File.ReadAllBytes(Path.Combine(Folder, FileName(path, label, "verified")));
            var members = Condition.Parse(space, condition);
            foreach (var number in Enumerable.Range(0, space.Count).Where(number => members[number]))
            {
                files[path].Add(number, content);
            }
        }

        return new RenderingTable(space, files.ToDictionary(file => file.Key, file => file.Value.Build()));
    }

    /// <summary>Replaces what is approved. Files that stay the same are not touched.</summary>
    public void Approve(RenderingTable table)
    {
        var wanted = new Dictionary<string, byte[]>();
        var record = new StringBuilder();
        foreach (var (path, file) in table.Files)
        {
            record.Append(path).Append('\n');
            foreach (var (label, condition, content) in Renderings(table.Space, file))
            {
                record.Append(Indent).Append(label.Length == 0 ? "" : label + ": ").Append(condition).Append('\n');
                wanted.Add(FileName(path, label, "verified"), content);
            }
        }

        wanted.Add(Record, Encoding.UTF8.GetBytes(record.ToString()));
        Synchronize("verified", wanted);
        Synchronize("received", []);
    }

    /// <summary>Puts the renderings that are not approved beside those that are, for a diff tool. Git ignores them.</summary>
    public void WriteReceived(RenderingTable table)
    {
        var received = from file in table.Files
                       from rendering in Renderings(table.Space, file.Value)
                       let approved = Path.Combine(Folder, FileName(file.Key, rendering.Label, "verified"))
                       where !File.Exists(approved) || !File.ReadAllBytes(approved).AsSpan().SequenceEqual(rendering.Content)
                       select (Name: FileName(file.Key, rendering.Label, "received"), rendering.Content);

        Synchronize("received", received.ToDictionary(file => file.Name, file => file.Content));
    }

    // A rendering is called by the values, of the options that matter to its file, in the first combination that has it.
    private static IEnumerable<(string Label, string Condition, byte[] Content)> Renderings(OptionSpace space, RenderedFile file)
    {
        var members = file.Contents.Select(_ => new BitArray(space.Count)).ToArray();
        var first = file.Contents.Select(_ => -1).ToArray();
        for (var number = space.Count - 1; number >= 0; number--)
        {
            if (file.RenderingOf[number] is var rendering and not RenderedFile.Absent)
            {
                members[rendering][number] = true;
                first[rendering] = number;
            }
        }

        var matters = Enumerable.Range(0, space.Options.Count)
            .Where(option => members.Any(set => Condition.Matters(space, set, option))).Select(option => space.Options[option]).ToArray();

        // A word that all would have tells nothing: a file that comes with one option is not called after it.
        var tells = matters.Where(option => first.Select(number => space[number][option]).Distinct().Count() > 1).ToArray();

        return file.Contents.Select((content, rendering) => (
            string.Join('+', tells.Select(option => option.Word(space[first[rendering]][option]))),
            Condition.Describe(space, members[rendering]),
            content));
    }

    // Program.cs, jwt+sqlite → Program.jwt+sqlite.verified.cs; .gitignore → .gitignore.verified.txt, which no tool acts upon.
    private static string FileName(string path, string label, string kind)
    {
        var slash = path.LastIndexOf('/') + 1;
        var name = path[slash..];
        var dot = name.LastIndexOf('.');
        var (stem, extension) = dot > 0 ? (name[..dot], name[dot..]) : (name, ".txt");

        return $"{path[..slash]}{stem}{(label.Length == 0 ? "" : "." + label)}.{kind}{extension}";
    }

    private void Synchronize(string kind, Dictionary<string, byte[]> wanted)
    {
        Directory.CreateDirectory(Folder);
        foreach (var present in Directory.EnumerateFiles(Folder, $"*.{kind}.*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            if (!wanted.ContainsKey(Path.GetRelativePath(Folder, present).Replace('\\', '/')))
            {
                File.Delete(present);
            }
        }

        foreach (var (name, content) in wanted)
        {
            var path = Path.Combine(Folder, name);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, content);
            }
        }
    }
}
