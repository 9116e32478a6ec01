using Acme.Shop.Api;
using Acme.Shop.Api.V1;
using Acme.Shop.Api.V2;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Data;
using Acme.Shop.Dependencies;
using Acme.Shop.Middleware;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServer();
builder.AddLogs();
builder.Services.AddEdge();
builder.Services.AddErrorResponses();
builder.Services.AddApi();
builder.Services.AddApiDocs();
builder.Services.AddAuth();
builder.Services.AddDatabase();
builder.Services.AddHealth();
builder.Services.AddResources();

// Disposed however the process ends: what was logged last is still written then.
await using var app = builder.Build();

if (!app.HasValidConfiguration())
{
    return 1;
}

if (args is ["migrate", ..])
{
    return await app.MigrateAsync();
}

await app.PrepareDatabaseAsync();

app.UseForwardedHeaders();
app.UseMiddleware<RequestIdMiddleware>();
app.UseMiddleware<SecurityHeadersMiddleware>();
app.UseMiddleware<RequestLoggingMiddleware>();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseHostFiltering();
app.UseHttpsPolicy();
app.UseMiddleware<DeprecationMiddleware>();
app.UseApiDocs();
app.UseCors();
app.UseAuth();
app.UseRateLimiter();
app.UseMiddleware<SessionMiddleware>();
app.UseMiddleware<JsonCharsetMiddleware>();

app.MapHealth();
app.MapApiV1();
app.MapApiV2();

await app.RunAsync();
return 0;
