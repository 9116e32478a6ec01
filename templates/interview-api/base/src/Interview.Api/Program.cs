using InterviewApi.Api.V1;
using InterviewApi.Api.V2;
using InterviewApi.Middleware;

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
#if (UseAuth)
builder.Services.AddAuth();
#endif
builder.Services.AddDatabase();
#if (UseEvents)
builder.Services.AddEvents();
#endif
#if (UseCache)
builder.Services.AddCaching();
#endif
#if (UseRateLimiting)
builder.Services.AddRateLimiting();
#endif
#if (UseWebSockets)
builder.Services.AddRealtime();
#endif
#if (UseSample)
builder.Services.AddProducts();
#endif
builder.Services.AddHealth();

// Disposed on every exit path, so that buffered log messages are flushed.
await using var app = builder.Build();

#if (UseMigrations)
if (args is ["migrate", .. var verb])
{
    return await app.MigrateAsync(verb) ? 0 : 1;
}

#endif
if (!app.HasValidConfiguration())
{
    return 1;
}

#if (UseEvents)
if (await app.RunVerbAsync(args) is { } succeeded)
{
    return succeeded ? 0 : 1;
}

#endif
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
#if (UseAuth)
app.UseAuth();
#endif
#if (UseRateLimiting)
app.UseRateLimiter();
#endif
#if (UseAccounts)
app.UseMiddleware<SessionMiddleware>();
#endif
app.UseMiddleware<RequestContentMiddleware>();
app.UseMiddleware<QueryParameterMiddleware>();

app.MapHealth();
app.MapApiV1();
app.MapApiV2();
#if (UseWebSockets)
app.MapRealtime();
#endif

return await app.RunServerAsync();
