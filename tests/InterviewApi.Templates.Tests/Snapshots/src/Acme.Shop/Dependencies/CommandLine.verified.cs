namespace Acme.Shop.Dependencies;

/// <summary>The arguments of the process: settings such as <c>--urls</c>, and before them perhaps a command.</summary>
public static class CommandLine
{
    /// <summary>Checks that the first argument is a setting or a command: a mistyped one must not start the server.</summary>
    /// <returns>False if it is neither; the reason is reported.</returns>
    public static bool IsValid(params string[] args)
    {
        List<string> forms = ["--SETTING=VALUE"];
@@ migrations=true
        forms.AddRange(DatabaseStartup.Forms);
@@ sample=full, or auth=jwt
        forms.AddRange(EventVerbs.Forms);
@@ always
        var word = args is [[not ('-' or '/'), ..] first, ..] && !first.Contains('=') ? first : null;
        if (args.Contains("--help") || (word is not null && !forms.Exists(form => form.Split(' ')[0] == word)))
        {
            Console.Error.WriteLine($"There is no such command. The forms are: {string.Join(", ", forms)}.");
            return false;
        }

        return true;
    }
}
