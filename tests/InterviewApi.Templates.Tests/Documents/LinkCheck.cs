namespace InterviewApi.Templates.Tests.Documents;

/// <summary>Finds relative links that lead nowhere, and anchors that no heading has.</summary>
internal static class LinkCheck
{
    public static IEnumerable<string> Check(Page page, Func<string, bool> exists, Func<string, Page?> find)
    {
        foreach (var link in page.Links.Where(
            link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)))
        {
            var (file, anchor) = link.Split('#', 2) is [var left, var right] ? (left, right) : (link, null);
            var path = file.Length == 0 ? page.Path : Resolve(page.Path, file);
            if (!exists(path))
            {
                yield return $"{page.Path}: the link '{link}' leads to '{path}', which does not exist.";
            }
            else if (anchor is not null && (path == page.Path ? page : find(path))?.Anchors.Contains(anchor) != true)
            {
                yield return $"{page.Path}: the link '{link}' names a heading that '{path}' does not have.";
            }
        }
    }

    private static string Resolve(string page, string link)
    {
        var folders = new Stack<string>(page.Split('/')[..^1]);
        foreach (var part in link.Split('/').Where(part => part is not ("." or "")))
        {
            if (part != "..")
            {
                folders.Push(part);
            }
            else if (!folders.TryPop(out _))
            {
                return link;
            }
        }

        return string.Join('/', folders.Reverse());
    }
}
