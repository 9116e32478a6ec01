namespace InterviewApi.Dependencies;

/// <summary>The arguments of the process: an optional command, then settings such as <c>--urls</c>.</summary>
public static class CommandLine
{
    /// <summary>Checks that there is a known command or none: a mistyped one, or one after a setting, must not start the server.</summary>
    /// <returns>False if the arguments are wrong; the reason is reported.</returns>
    public static bool IsValid(params string[] args)
    {
        List<string> forms = ["--SETTING=VALUE"];
#if (UseMigrations)
        forms.AddRange(DatabaseStartup.Forms);
#endif
#if (UseEvents)
        forms.AddRange(EventVerbs.Forms);
#endif
        var isKnown = args is not [var first, ..] || !IsWord(first) || forms.Exists(form => form.Split(' ')[0] == first);
        var isLate = args.Zip(args.Skip(1)).Any(pair => pair.First.Contains('=') && IsWord(pair.Second));
        if (!isKnown || isLate || args.Contains("--help"))
        {
            Console.Error.WriteLine(
                $"There is no such command, or it does not come first. The forms are: {string.Join(", ", forms)}.");
            return false;
        }

        return true;
    }

    private static bool IsWord(string argument) => argument is [not ('-' or '/'), ..] && !argument.Contains('=');
}
