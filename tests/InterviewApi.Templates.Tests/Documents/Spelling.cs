using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>Finds British spellings: the pages and the template are written in American English.</summary>
internal static partial class Spelling
{
    public static IEnumerable<string> Check(string place, string text) =>
        British().Matches(text).Select(match => $"{place}: '{match.Value}' is not American English.").Distinct();

    [GeneratedRegex(
        @"\b(\w*(behaviour|colour|favour|honour|labour|neighbour|flavour|humour)\w*|\w*(cancell|labell|modell|signall|travell)(ed|ing)"
        + @"|(un|re)?(analy|cataly|paraly)s(e|ed|es|ing)|centre\w*|licence\w*|defence|offence|catalogue\w*|dialogue\w*|grey|whilst|amongst|fulfil|artefact\w*"
        + @"|(un|re)?(organi|recogni|optimi|initiali|seriali|normali|synchroni|authori|summari|customi|minimi|maximi|prioriti|utili|capitali|categori)s(e|ed|es|er|ing|ation))\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
