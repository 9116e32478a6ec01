using Acme.Shop.Models;

namespace Acme.Shop.Repositories;

/// <summary>Stores sessions.</summary>
public interface ISessionRepository
{
    /// <summary>Reads a session together with its user.</summary>
    Task<Session?> FindAsync(string id, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(string id, Guid userId, CancellationToken cancellationToken);

    /// <summary>Tells which of these sessions exist.</summary>
    Task<string[]> FindExistingAsync(string[] ids, CancellationToken cancellationToken);

    Task AddAsync(Session session, CancellationToken cancellationToken);

    /// <summary>Puts a new refresh token in the place of the current one, as one atomic step.</summary>
    /// <returns>False if <paramref name="currentHash"/> is not, or no longer, the current one.</returns>
    Task<bool> TryRotateAsync(
        string id, string currentHash, string newHash, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    Task RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Removes all sessions that have ended by a time.</summary>
    Task RemoveExpiredAsync(DateTimeOffset time, CancellationToken cancellationToken);
}
