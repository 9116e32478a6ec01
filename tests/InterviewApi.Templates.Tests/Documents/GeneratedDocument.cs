using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>A part of a document, between two markers, that is made from the template and kept true by a test.</summary>
internal sealed class GeneratedDocument(string path, string name)
{
    private readonly string _path = Path.Combine(SdkAssemblies.RepositoryRoot, path);
    private readonly string _begin = $"<!-- generated: {name} -->\n";
    private readonly string _end = $"<!-- end: {name} -->";

    /// <summary>Fails if the document does not have this text; with <c>./test.sh approve</c> it gets it.</summary>
    public void Verify(string text)
    {
        var document = File.ReadAllText(_path);
        var begin = document.IndexOf(_begin, StringComparison.Ordinal);
        var end = document.IndexOf(_end, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"{path} lacks the markers '{_begin.Trim()}' and '{_end}'.");

        var wanted = document[..(begin + _begin.Length)] + text + document[end..];
        if (Suite.Approving)
        {
            File.WriteAllText(_path, wanted);
        }

        Assert.True(
            wanted == File.ReadAllText(_path), $"{path} is stale: ./test.sh approve rewrites the part '{name}'. It should be:\n{text}");
    }

    /// <summary>The same for a part that a pattern finds, in a document that can have no markers.</summary>
    public static void Verify(string path, Regex pattern, string text)
    {
        var file = Path.Combine(SdkAssemblies.RepositoryRoot, path);
        var document = File.ReadAllText(file);
        Assert.Single(pattern.Matches(document));
        if (Suite.Approving)
        {
            File.WriteAllText(file, pattern.Replace(document, text));
        }

        Assert.True(pattern.Match(File.ReadAllText(file)).Value == text, $"{path} is stale: ./test.sh approve writes:\n{text}");
    }
}
