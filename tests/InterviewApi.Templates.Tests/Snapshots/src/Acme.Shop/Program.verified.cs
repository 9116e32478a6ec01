using Acme.Shop.Api.V1;
using Acme.Shop.Api.V2;
using Acme.Shop.Middleware;

if (!CommandLine.IsValid(args) || OptionsExtensions.CreateBuilder(args) is not { } builder)
{
    return 1;
}

builder.AddServer();
builder.AddLogs();
builder.AddTelemetry();
builder.Services.AddProxies();
builder.Services.AddAllowedHosts();
builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
builder.Services.AddAllowedOrigins();
builder.Services.AddErrorResponses();
builder.Services.AddApi();
builder.Services.AddApiDocs();
@@ auth=jwt|oidc
builder.Services.AddAuth();
@@ always
builder.Services.AddDatabase();
@@ sample=full, or auth=jwt
builder.Services.AddEvents();
@@ cache=memory|redis
builder.Services.AddCaching();
@@ rate-limiting=true
builder.Services.AddRateLimiting();
@@ websockets=true
builder.Services.AddRealtime();
@@ sample=full|basic
builder.Services.AddProducts();
@@ always
builder.Services.AddHealth();

// Disposed on every exit path, so that buffered log messages are flushed.
await using var app = builder.Build();
@@ migrations=true

if (args is ["migrate", .. var verb])
{
    return await app.MigrateAsync(verb) ? 0 : 1;
}
@@ always

if (!app.HasValidConfiguration())
{
    return 1;
@@ sample=full, or auth=jwt
}

if (await app.RunVerbAsync(args) is { } succeeded)
{
    return succeeded ? 0 : 1;
@@ always
}

if (!await app.PrepareDatabaseAsync())
{
    return 1;
}

app.UseProxies();
app.UseMiddleware<RequestLoggingMiddleware>();
app.UseMiddleware<SecurityHeadersMiddleware>();
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
app.UseAllowedOrigins();
@@ auth=jwt|oidc
app.UseAuth();
@@ rate-limiting=true
app.UseRateLimiter();
@@ auth=jwt
app.UseMiddleware<SessionMiddleware>();
@@ always
app.UseMiddleware<RequestContentMiddleware>();
app.UseMiddleware<QueryParameterMiddleware>();

app.MapHealth();
app.MapApiV1();
app.MapApiV2();
@@ websockets=true
app.MapRealtime();
@@ always

return await app.RunServerAsync();
