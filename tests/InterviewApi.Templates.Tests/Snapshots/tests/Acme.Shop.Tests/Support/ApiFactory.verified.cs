using System.Runtime.CompilerServices;
using Acme.Shop.Core.Data;
using Acme.Shop.Dependencies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Acme.Shop.Tests.Support;

/// <summary>
/// Runs the whole application in memory on a database of its own. A test class takes it as a fixture and asks it for
/// clients; a test that needs other settings makes a factory of its own and says so in <see cref="With"/>. Settings come
/// from appsettings.json and the tests, never from the machine: not from its environment variables, user secrets or /run/secrets.
/// </summary>
public sealed class ApiFactory : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);
    private WebApplicationFactory<Program>? _application;
    private string _environment = Environments.Production;
    private bool _onNetwork;
    private LogRecorder? _log;
    private Action<IServiceCollection>? _configureServices;

    /// <value>The database of the application, unless <see cref="With"/> sets another one.</value>
    public TestDatabase Database { get; } = new();

    /// <value>The clock of the application, which tests may move.</value>
    public AdjustableTimeProvider Time { get; } = new();

    public IServiceProvider Services => Application.Services;

    private WebApplicationFactory<Program> Application => _application ??= Build();

    /// <summary>Sets a configuration value, by its name with colons, before the application starts.</summary>
    public ApiFactory With(string setting, string? value)
    {
        _settings[setting] = value;
        return this;
    }

    /// <summary>Runs the application as in another environment than Production.</summary>
    public ApiFactory In(string environment)
    {
        _environment = environment;
        return this;
    }

    /// <summary>Runs the application on the real web server, on a free port, for what only that does.</summary>
    public ApiFactory OnNetwork()
    {
        _onNetwork = true;
        return this;
    }

    /// <summary>Also sends the log of the application to <paramref name="log"/>.</summary>
    public ApiFactory LogTo(LogRecorder log)
    {
        _log = log;
        return this;
    }

    /// <summary>Replaces a service of the application by a test double.</summary>
    public ApiFactory Replace<TService>(TService service)
        where TService : class =>
        Configure(services => services.Replace(ServiceDescriptor.Singleton(service)));

    /// <summary>Changes the services of the application, after it has registered its own.</summary>
    public ApiFactory Configure(Action<IServiceCollection> configure)
    {
        _configureServices += configure;
        return this;
    }

    public HttpClient CreateClient() => Application.CreateClient(new()
    {
        AllowAutoRedirect = false,
        BaseAddress = Application.ClientOptions.BaseAddress,
    });

    /// <summary>A client that may change resources.</summary>
    public Task<HttpClient> CreateWriterAsync()
    {
@@ auth=jwt
        return this.CreateSignedClientAsync();
@@ auth=oidc
        return this.CreateClientForAsync(TestUser.Create());
@@ auth=none
        return Task.FromResult(CreateClient());
@@ always
    }

    public async ValueTask InitializeAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await DatabaseStartup.CreateTablesAsync(scope.ServiceProvider.GetRequiredService<AppDbContext>());
    }

    /// <summary>Starts the application of a test that has one of its own.</summary>
    public async Task<ApiFactory> StartAsync()
    {
        await InitializeAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    [ModuleInitializer]
    internal static void RemoveSettingsOfTheMachine()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsSetting))
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    // The servers that the tests use are named by connection strings; each factory sets those of its application.
    private static bool IsSetting(string name) =>
        (name.Contains("__", StringComparison.Ordinal) && !name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase))
        || name.Contains(':', StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || name.Equals("AllowedHosts", StringComparison.OrdinalIgnoreCase);

    private WebApplicationFactory<Program> Build()
    {
        var application = new WebApplicationFactory<Program>().WithWebHostBuilder(Configure);
        if (_onNetwork)
        {
            application.UseKestrel();
        }

        return application;
    }

    private void Configure(IWebHostBuilder host)
    {
        host.UseEnvironment(_environment);
        host.UseContentRoot(AppContext.BaseDirectory);
        host.ConfigureAppConfiguration(configuration =>
        {
            foreach (var secrets
                in configuration.Sources.OfType<JsonConfigurationSource>().Where(source => source.Path == "secrets.json").ToArray())
            {
                configuration.Sources.Remove(secrets);
            }
        });
        host.UseSetting("Secrets:Path", Path.Combine(AppContext.BaseDirectory, "no-secrets"));
        host.UseSetting("ConnectionStrings:Database", Database.ConnectionString);
@@ cache=redis
        host.UseTestRedis();
@@ always
        host.UseSetting("Logging:LogLevel:Default", "Warning");
@@ auth=jwt|oidc
        host.UseTestUsers();
@@ rate-limiting=true
        host.LiftRateLimits();
@@ always
        foreach (var (setting, value) in _settings)
        {
            host.UseSetting(setting, value);
        }

        if (_onNetwork)
        {
            host.UseUrls("http://127.0.0.1:0");
        }

        if (_log is not null)
        {
            host.ConfigureLogging(logging => logging.AddProvider(_log));
        }

        host.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
            _configureServices?.Invoke(services);
        });
    }
}

/// <summary>The clock of the application plus what a test has added to it.</summary>
public sealed class AdjustableTimeProvider : TimeProvider
{
    private readonly MillisecondTimeProvider _clock = new();
    private TimeSpan _offset;

    public void Advance(TimeSpan time) => _offset += time;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow() + _offset;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_offset.TotalSeconds * TimestampFrequency);
}
