using System.Security.Claims;
using Npgsql;

namespace Benchmarks.Reference;

/// <summary>Raw SQL on the table that the generated project's migration made.</summary>
internal sealed class SessionTable(NpgsqlDataSource database)
{
    public async Task<bool> IsActiveAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""SELECT EXISTS (SELECT FROM "Sessions" WHERE "Id" = $1 AND "UserId" = $2)""");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user.FindFirstValue("sid")! });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(user.FindFirstValue("sub")!) });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
