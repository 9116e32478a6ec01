using Acme.Shop.Models;
using Microsoft.AspNetCore.Identity;

namespace Acme.Shop.Core.Security;

/// <summary>
/// Hashes and checks passwords. A hash is meant to be slow, so at most half of the processors are busy with them:
/// a flood of logins must not take the others from all other requests.
/// </summary>
public sealed class PasswordHashing(IPasswordHasher<User> hasher) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> _hashOfNobody = new(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return hasher.HashPassword(null!, password);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Checks a password against the hash of a user. Without a user it fails after the same work.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(
        User? user, string password, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var result = hasher.VerifyHashedPassword(null!, user?.PasswordHash ?? _hashOfNobody.Value, password);
            return user is null ? PasswordVerificationResult.Failed : result;
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
