using System.Collections;
using System.Text;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// The approved output: one <c>.verified.</c> file for each path, with all its renderings, and a record that says which
/// combinations have the path. Both together give back every byte of every combination.
/// </summary>
internal sealed class SnapshotStore(string folder)
{
    private const string Record = "renderings.verified.txt";

    public string Folder { get; } = folder;

    public RenderingTable Read(OptionSpace space)
    {
        var files = new Dictionary<string, RenderedFile>();
        foreach (var line in File.Exists(Path.Combine(Folder, Record)) ? File.ReadLines(Path.Combine(Folder, Record)) : [])
        {
            var parts = line.Split(": ");
            var content = File.ReadAllBytes(Path.Combine(Folder, FileName(parts[0], "verified")));
            var members = Condition.Parse(space, parts[1]);
            files.Add(parts[0], parts.Length > 2 ? SnapshotText.Read(space, members, content) : One(members, content));
        }

        return new RenderingTable(space, files);
    }

    /// <summary>Replaces what is approved. Files that stay the same are not touched.</summary>
    public void Approve(RenderingTable table)
    {
        var wanted = table.Files.ToDictionary(file => FileName(file.Key, "verified"), file => Text(table.Space, file.Value));
        var record = table.Files.Select(file =>
            $"{file.Key}: {table.Describe(number => file.Value.RenderingOf[number] != RenderedFile.Absent)}"
            + (file.Value.Contents.Count > 1 ? $": {file.Value.Contents.Count} renderings" : "") + "\n");
        wanted.Add(Record, Encoding.UTF8.GetBytes(string.Concat(record)));
        Synchronize("verified", wanted);
        Synchronize("received", []);
    }

    /// <summary>Puts the files that are not as approved beside those that are, for a diff tool. Git ignores them.</summary>
    public void WriteReceived(RenderingTable table)
    {
        var received = from file in table.Files
                       let approved = Path.Combine(Folder, FileName(file.Key, "verified"))
                       let content = Text(table.Space, file.Value)
                       where !File.Exists(approved) || !File.ReadAllBytes(approved).AsSpan().SequenceEqual(content)
                       select (Name: FileName(file.Key, "received"), content);

        Synchronize("received", received.ToDictionary(file => file.Name, file => file.content));
    }

    private static byte[] Text(OptionSpace space, RenderedFile file) =>
        file.Contents is [var only] ? only : SnapshotText.Write(space, file);

    private static RenderedFile One(BitArray members, byte[] content) =>
        new([content], [.. members.Cast<bool>().Select(member => member ? 0 : RenderedFile.Absent)]);

    // Program.cs → Program.verified.cs; .gitignore → .gitignore.verified.txt, which no tool acts upon.
    private static string FileName(string path, string kind)
    {
        var slash = path.LastIndexOf('/') + 1;
        var name = path[slash..];
        var dot = name.LastIndexOf('.');
        var (stem, extension) = dot > 0 ? (name[..dot], name[dot..]) : (name, ".txt");

        return $"{path[..slash]}{stem}.{kind}{extension}";
    }

    private void Synchronize(string kind, Dictionary<string, byte[]> wanted)
    {
        Directory.CreateDirectory(Folder);
        foreach (var present in Directory.EnumerateFiles(
            Folder, $"*.{kind}.*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
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
