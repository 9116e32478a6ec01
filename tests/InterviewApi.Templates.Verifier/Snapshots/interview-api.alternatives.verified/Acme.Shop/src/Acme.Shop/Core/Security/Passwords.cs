using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Acme.Shop.Models;
using Microsoft.AspNetCore.Identity;

namespace Acme.Shop.Core.Security;

/// <summary>
/// Hashes and verifies passwords. Hashing is slow by design, so it uses at most half of the processors and has a short
/// queue. A flood of logins leaves the other processors to other requests, and no caller waits for seconds. Passwords
/// are normalized (NFC) first, because keyboards compose the same character in different ways.
/// </summary>
public sealed class PasswordHashing(IPasswordHasher<User> hasher) : IDisposable
{
    private const int WaitingPerSlot = 8;
    private static readonly int Slots = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly ConcurrencyLimiter _slots = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Slots,
        QueueLimit = Slots * WaitingPerSlot,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly Lazy<string> _hashOfNobody = new(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));

    /// <exception cref="PasswordQueueFullException">Too many passwords are waiting to be hashed.</exception>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        using var slot = await WaitForSlotAsync(cancellationToken);
        return hasher.HashPassword(null!, User.NormalizePassword(password));
    }

    /// <summary>Verifies a password against a user's hash. Without a user, it does the same work and fails.</summary>
    /// <returns>Whether the password is correct, and a new hash if the stored one has too few iterations.</returns>
    /// <exception cref="PasswordQueueFullException">Too many passwords are waiting to be verified.</exception>
    public async Task<(bool IsValid, string? NewHash)> VerifyAsync(
        User? user, string password, CancellationToken cancellationToken)
    {
        using var slot = await WaitForSlotAsync(cancellationToken);
        password = User.NormalizePassword(password);
        return hasher.VerifyHashedPassword(null!, user?.PasswordHash ?? _hashOfNobody.Value, password) switch
        {
            PasswordVerificationResult.Failed => (false, null),
            _ when user is null => (false, null),
            PasswordVerificationResult.SuccessRehashNeeded => (true, hasher.HashPassword(null!, password)),
            _ => (true, null),
        };
    }

    public void Dispose() => _slots.Dispose();

    private async Task<RateLimitLease> WaitForSlotAsync(CancellationToken cancellationToken)
    {
        var slot = await _slots.AcquireAsync(1, cancellationToken);
        return slot.IsAcquired ? slot : throw new PasswordQueueFullException();
    }
}

/// <summary>Too many passwords are waiting to be hashed. The same request may succeed a second later.</summary>
public sealed class PasswordQueueFullException() : Exception("Too many passwords wait to be hashed.");

/// <summary>Passwords that attackers try first: common ones, and those derived from the account's data.</summary>
public static class PasswordRules
{
    private const int HashDigits = 10;

    // Add the names of the company, the product and its code names.
    private static readonly string[] ContextWords = ["acme-shop"];

    private static readonly Lazy<FrozenSet<string>> CommonHashes = new(() => ReadCommonHashes().ToFrozenSet());

    /// <summary>Returns whether a password is one of the 3,000 most frequent ones, regardless of case.</summary>
    public static bool IsCommon(string password)
    {
        var text = User.NormalizePassword(password).ToLowerInvariant();
        return CommonHashes.Value.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits]);
    }

    /// <summary>Whether fewer than <paramref name="minLength"/> characters remain without guessable words.</summary>
    /// <param name="known">The account's data, such as the user name.</param>
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
