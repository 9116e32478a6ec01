using Benchmarks.Reference;
using Npgsql;
using StackExchange.Redis;

// The least code that answers what the generated project answers: no middleware, no validation, no layers.
// Configured like it: ConnectionStrings__Database and, for the cached product, ConnectionStrings__Redis.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

await using var database = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Database")!);
var products = new ProductTable(database);

var app = builder.Build();
app.MapGet("/health/live", () => "OK");
app.MapGet("/api/v1/products/{id:long}", async (long id, CancellationToken cancellationToken) =>
    await products.FindAsync(id, cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound());
app.MapGet("/api/v1/products", (int skip, int limit, CancellationToken cancellationToken) =>
    products.ListAsync(skip, limit, cancellationToken));
app.MapPost("/api/v1/products", async (ProductRequest request, CancellationToken cancellationToken) =>
{
    var product = await products.AddAsync(request, cancellationToken);
    return Results.Created($"/api/v1/products/{product.Id}", product);
});

if (builder.Configuration.GetConnectionString("Redis") is { } redis)
{
    var cache = new ProductCache(await ConnectionMultiplexer.ConnectAsync(redis), products);
    app.MapGet("/cached/products/{id:long}", async (long id, CancellationToken cancellationToken) =>
        await cache.FindAsync(id, cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound());
}

await app.RunAsync();
