using System.Text;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>The table of flags, made from template.json.</summary>
internal static class OptionReference
{
    public static string Write(TemplateDefinition template)
    {
        var table = new StringBuilder("| flag | values (default first) | what it decides |\n| --- | --- | --- |\n");
        foreach (var (symbol, declaration) in template.Parameters())
        {
            var option = template.Options.FirstOrDefault(candidate => candidate.Symbol == symbol);
            var values = option?.Values ?? ["false", "true"];
            var choices = declaration!["choices"]?.AsArray().Select(
                choice => $" `{choice!["choice"]}`: {choice["description"]}") ?? [];
            table.Append("| `--").Append(template.Flag(symbol)).Append("` | ").AppendJoin(", ", values.Select(value => $"`{value}`"))
                .Append(" | ").Append((string)declaration["description"]!).AppendJoin("", choices).Append(" |\n");
        }

        return table.ToString();
    }
}
