using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace InterviewApi.Core.Security;

/// <summary>Passwords that an attacker tries first: the most frequent ones, and those made of what is known of the account.</summary>
public static class PasswordRules
{
    private const int HashDigits = 10;

    // Add the names of the company, the product and its code names.
    private static readonly string[] ContextWords = ["interview-api"];

    private static readonly Lazy<FrozenSet<string>> CommonHashes = new(() => ReadCommonHashes().ToFrozenSet());

    /// <summary>Returns whether a password is one of the 3,000 most frequent ones, regardless of case.</summary>
    /// <exception cref="ArgumentException">The password is not valid Unicode.</exception>
    public static bool IsCommon(string password)
    {
        var text = password.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        return CommonHashes.Value.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits]);
    }

    /// <summary>Returns whether fewer than <paramref name="minLength"/> characters are left without the words that anybody can guess.</summary>
    /// <param name="known">What is known of the account, such as the user name.</param>
    public static bool IsGuessable(string password, int minLength, params IEnumerable<string?> known)
    {
        foreach (var word in known.Concat(ContextWords).OfType<string>().Where(word => word.Length > 0).OrderByDescending(word => word.Length))
        {
            password = password.Replace(word, "", StringComparison.OrdinalIgnoreCase);
        }

        return password.Length < minLength;
    }

    private static IEnumerable<string> ReadCommonHashes()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line;
            }
        }
    }
}
