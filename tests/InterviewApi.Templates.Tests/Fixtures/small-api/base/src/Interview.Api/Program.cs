using InterviewApi.Dependencies;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddLogs();
#if (UseAuth)
builder.AddAuth();
#endif
#if (UseRedis)
builder.AddRedis();
#endif

var app = builder.Build();

app.MapGet("/", () => "Interview.Api");

await app.RunAsync();
