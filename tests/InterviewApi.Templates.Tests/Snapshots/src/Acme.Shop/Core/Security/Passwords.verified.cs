using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Acme.Shop.Models;
using Microsoft.AspNetCore.Identity;

namespace Acme.Shop.Core.Security;

/// <summary>Hashes and verifies passwords. A full queue throws <see cref="PasswordQueueFullException"/>.</summary>
// Hashing is slow by design, so it uses at most half of the processors and has a short queue: a flood of logins leaves
// the others to other requests, and no caller waits for seconds.
public sealed class PasswordHashing(IPasswordHasher<User> hasher, SecurityLog securityLog) : IDisposable
{
    private const int WaitingPerSlot = 8;
    private static readonly int Slots = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly ConcurrencyLimiter _slots = new(
        new() { PermitLimit = Slots, QueueLimit = Slots * WaitingPerSlot, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    private readonly Lazy<string> _hashOfNobody = new(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        using var slot = await WaitForSlotAsync(cancellationToken);
        return hasher.HashPassword(null!, User.NormalizePassword(password));
    }

    /// <summary>Verifies a password against a user's hash. Without a user, it does the same work and fails.</summary>
    /// <returns>Whether the password is correct, and a new hash if the stored one has too few iterations.</returns>
    public async Task<(bool IsValid, string? NewHash)> VerifyAsync(User? user, string password, CancellationToken cancellationToken)
    {
        using var slot = await WaitForSlotAsync(cancellationToken);
        password = User.NormalizePassword(password);
        var result = hasher.VerifyHashedPassword(null!, user?.PasswordHash ?? _hashOfNobody.Value, password);
        if (user is null || result == PasswordVerificationResult.Failed)
        {
            return (false, null);
        }

        return (true, result == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(null!, password) : null);
    }

    public void Dispose() => _slots.Dispose();

    private async Task<RateLimitLease> WaitForSlotAsync(CancellationToken cancellationToken)
    {
        var slot = await _slots.AcquireAsync(1, cancellationToken);
        if (!slot.IsAcquired)
        {
            securityLog.Write(SecurityEvent.PasswordQueueFull);
            throw new PasswordQueueFullException();
        }

        return slot;
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

    // The hashes of the 3,000 most frequent passwords in lower case.
    private static readonly Lazy<FrozenSet<string>> CommonHashes = new(() =>
    {
        using var file = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return file.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries).ToFrozenSet();
    });

    /// <summary>Returns what makes a password easy to guess, or null.</summary>
    public static string? FindFault(string password, string? username, string? email)
    {
        var text = Encoding.UTF8.GetBytes(User.NormalizePassword(password).ToLowerInvariant());
        if (CommonHashes.Value.Contains(Convert.ToHexStringLower(SHA256.HashData(text))[..HashDigits]))
        {
            return "This password is too common. Choose another one.";
        }

        // What remains without the guessable words must be long enough to be a password.
        string?[] guessable = [username, email, email?.Split('@')[0], .. ContextWords];
        var rest = guessable.OfType<string>().Where(word => word.Length > 0)
            .OrderByDescending(word => word.Length)
            .Aggregate(password, (left, word) => left.Replace(word, "", StringComparison.OrdinalIgnoreCase));
        return rest.Length < User.MinPasswordLength
            ? "The password must not be based on the user name, the e-mail address or the product name."
            : null;
    }
}
