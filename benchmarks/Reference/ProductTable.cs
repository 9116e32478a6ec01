using Npgsql;

namespace Benchmarks.Reference;

/// <summary>Raw SQL on the table that the generated project's migration made.</summary>
internal sealed class ProductTable(NpgsqlDataSource database)
{
    private const string Columns = """ "Id", "Name", "Description", "Price", "Category", "CreatedAt", "UpdatedAt" """;

    public async Task<Product?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""SELECT {Columns} FROM "Products" WHERE "Id" = $1""");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    public async Task<List<Product>> ListAsync(int skip, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""SELECT {Columns} FROM "Products" ORDER BY "Id" LIMIT $1 OFFSET $2""");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = skip });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var products = new List<Product>(limit);
        while (await reader.ReadAsync(cancellationToken))
        {
            products.Add(Read(reader));
        }

        return products;
    }

    public async Task<Product> AddAsync(ProductRequest request, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        await using var command = database.CreateCommand("""
            INSERT INTO "Products" ("Name", "Description", "Price", "Category", "CreatedAt", "UpdatedAt", "Version")
            VALUES ($1, $2, $3, $4, $5, $5, 1) RETURNING "Id"
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Name });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)request.Description ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = request.Price });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Category });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        var id = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        return new(id, request.Name, request.Description, request.Price, request.Category, now, now);
    }

    private static Product Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.IsDBNull(2) ? null : row.GetString(2),
        row.GetDecimal(3),
        row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6));
}
