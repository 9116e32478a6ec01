using System.Security.Claims;
using System.Text;
using Benchmarks.Reference;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using StackExchange.Redis;

// The least code that answers what the generated project answers: no middleware, no validation, no layers.
// Configured like it: ConnectionStrings__Database; Jwt__SigningKey, Jwt__Issuer and Jwt__Audience for the routes with a
// token; ConnectionStrings__Redis for those with a cache.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

await using var database = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Database")!);
var products = new ProductTable(database);
var signingKey = builder.Configuration["Jwt:SigningKey"];
if (signingKey is { Length: > 0 })
{
    builder.Services.AddAuthentication().AddJwtBearer(bearer =>
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(signingKey)),
            ValidIssuer = builder.Configuration["Jwt:Issuer"],
            ValidAudience = builder.Configuration["Jwt:Audience"],
        };
    });
    builder.Services.AddAuthorization();
}

var app = builder.Build();
app.MapGet("/health/live", () => "OK");

// The bytes that the generated project answers, and nothing else: what remains is the web server.
var health = """{"status":"Healthy","checks":{}}"""u8.ToArray();
var cup = """
    {"id":1,"name":"Product 1","description":"A thing for sale, in some words that say what it is.","price":12.50,"category":"kitchen","createdAt":"2026-11-01T12:00:00.000000+00:00","updatedAt":"2026-11-01T12:00:00.000000+00:00"}
    """u8.ToArray();
app.MapGet("/empty/live", () => Results.Bytes(health, "application/json; charset=utf-8"));
app.MapGet("/empty/products/{id:long}", (long id) => Results.Bytes(cup, "application/json; charset=utf-8"));

// A receiver of telemetry that reads everything and keeps nothing.
app.MapPost("/v1/{signal}", (HttpContext context) => context.Request.Body.CopyToAsync(Stream.Null));
app.MapGet("/api/v1/products/{id:long}", async (long id, CancellationToken cancellationToken) =>
    await products.FindAsync(id, cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound());
app.MapGet("/api/v1/products", (int skip, int limit, CancellationToken cancellationToken) =>
    products.ListAsync(skip, limit, cancellationToken));
app.MapPost("/api/v1/products", CreateAsync);

if (signingKey is { Length: > 0 })
{
    var sessions = new SessionTable(database);
    app.MapPost("/authenticated/products", async (ProductRequest request, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await sessions.IsActiveAsync(user, cancellationToken) ? await CreateAsync(request, cancellationToken) : Results.Unauthorized())
        .RequireAuthorization();
}

if (builder.Configuration.GetConnectionString("Redis") is { } redis)
{
    var connection = await ConnectionMultiplexer.ConnectAsync(redis);
    var cache = new ProductCache(connection, products);
    var requests = new RequestCount(connection);
    app.MapGet("/cached/products/{id:long}", FindCachedAsync);
    app.MapGet("/counted/products/{id:long}", async (long id, HttpContext context, CancellationToken cancellationToken) =>
        await requests.IsAdmittedAsync(context)
            ? await FindCachedAsync(id, cancellationToken)
            : Results.StatusCode(StatusCodes.Status429TooManyRequests));

    async Task<IResult> FindCachedAsync(long id, CancellationToken cancellationToken) =>
        await cache.FindAsync(id, cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound();
}

await app.RunAsync();

async Task<IResult> CreateAsync(ProductRequest request, CancellationToken cancellationToken)
{
    var product = await products.AddAsync(request, cancellationToken);
    return Results.Created($"/api/v1/products/{product.Id}", product);
}
