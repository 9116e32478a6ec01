using Acme.Shop.Api.V1;
using Acme.Shop.Api.V2;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Data;
using Acme.Shop.Dependencies;
using Acme.Shop.Middleware;

if (OptionsExtensions.CreateBuilder(args) is not { } builder)
{
    return 1;
}

builder.AddServer();
builder.AddLogs();
builder.Services.AddProxies();
builder.Services.AddAllowedHosts();
builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
builder.Services.AddAllowedOrigins();
builder.Services.AddErrorResponses();
builder.Services.AddApi();
builder.Services.AddApiDocs();
builder.Services.AddAuth();
builder.Services.AddAccounts();
builder.Services.AddDatabase();
builder.Services.AddHealth();
builder.Services.AddCaching();
builder.Services.AddRateLimiting();
builder.Services.AddRealtime();
builder.Services.AddProducts();

// Disposed on every exit path, so that buffered log messages are flushed.
await using var app = builder.Build();

if (!app.HasValidConfiguration())
{
    return 1;
}

if (!await app.PrepareDatabaseAsync())
{
    return 1;
}

app.UseProxies();
app.UseMiddleware<RequestIdMiddleware>();
app.UseMiddleware<SecurityHeadersMiddleware>();
app.UseMiddleware<RequestLoggingMiddleware>();
app.UseMiddleware<HeadMiddleware>();
app.UseRouting();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseRequestTimeouts();
app.UseAllowedHosts();
if (!app.Environment.IsDevelopment())
{
    app.UseHsts();
}

app.UseMiddleware<DeprecationMiddleware>();
app.UseApiDocs();
app.UseCors();
app.UseAuth();
app.UseRateLimiter();
app.UseMiddleware<SessionMiddleware>();
app.UseMiddleware<RequestContentMiddleware>();

app.MapHealth();
app.MapApiV1();
app.MapApiV2();
app.MapRealtime();

return await app.RunServerAsync();
