using InterviewApi.Api;
using InterviewApi.Api.V1;
using InterviewApi.Api.V2;
using InterviewApi.Core.Configuration;
using InterviewApi.Core.Data;
using InterviewApi.Dependencies;
using InterviewApi.Middleware;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServer();
builder.AddLogs();
builder.Services.AddEdge();
builder.Services.AddErrorResponses();
builder.Services.AddApi();
builder.Services.AddApiDocs();
#if (UseAuth)
builder.Services.AddAuth();
#endif
builder.Services.AddDatabase();
builder.Services.AddHealth();
#if (UseCache)
builder.Services.AddCaching();
#endif
#if (UseWebSockets)
builder.Services.AddRealtime();
#endif
builder.Services.AddResources();

// Disposed however the process ends: what was logged last is still written then.
await using var app = builder.Build();

if (!app.HasValidConfiguration())
{
    return 1;
}

#if (UseMigrations)
if (args is ["migrate", ..])
{
    return await app.MigrateAsync();
}

#endif
await app.PrepareDatabaseAsync();

app.UseProxies();
app.UseMiddleware<RequestIdMiddleware>();
app.UseMiddleware<SecurityHeadersMiddleware>();
app.UseMiddleware<RequestLoggingMiddleware>();
app.UseMiddleware<HeadMiddleware>();
app.UseRouting();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseHostFiltering();
app.UseHttpsPolicy();
app.UseMiddleware<DeprecationMiddleware>();
app.UseApiDocs();
app.UseCors();
#if (UseAuth)
app.UseAuth();
#endif
#if (UseRateLimiting)
app.UseRateLimiter();
#endif
#if (UseAuth)
app.UseMiddleware<SessionMiddleware>();
#endif
app.UseMiddleware<RequestContentMiddleware>();

app.MapHealth();
app.MapApiV1();
app.MapApiV2();
#if (UseWebSockets)
app.MapRealtime();
#endif

await app.RunAsync();
return 0;
