namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Compares two generated projects byte for byte.</summary>
internal static class Agreement
{
    /// <summary>One line for each file that differs, with the options.</summary>
    public static IEnumerable<string> Differences(
        SortedDictionary<string, byte[]> inProcess, SortedDictionary<string, byte[]> fromPackage, string options) =>
        from path in inProcess.Keys.Union(fromPackage.Keys).Order(StringComparer.Ordinal)
        let difference = (inProcess.GetValueOrDefault(path), fromPackage.GetValueOrDefault(path)) switch
        {
            (null, _) => "only dotnet new writes it",
            (_, null) => "only the engine writes it",
            var (a, b) when !a.AsSpan().SequenceEqual(b) => "the engine and dotnet new write different bytes",
            _ => null,
        }
        where difference is not null
        select $"{path}: {difference} ({options})";
}
