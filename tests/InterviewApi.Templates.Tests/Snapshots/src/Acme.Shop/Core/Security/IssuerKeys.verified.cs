using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect.Configuration;

namespace Acme.Shop.Core.Security;

/// <summary>The keys of the issuer, discovered in the background, so that no request waits for the issuer.</summary>
// Refreshed every hour and after a token with an unknown key. A failed refresh keeps the known keys.
public sealed class IssuerKeys(IOptions<IssuerOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
    : BackgroundService, IHealthCheck
{
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _areLoaded;

    /// <value>Whether tokens can be verified.</value>
    public bool AreLoaded => _areLoaded;

    /// <value>The scheme and host of the issuer.</value>
    public string Origin => new Uri(options.Value.Authority).GetLeftPart(UriPartial.Authority);

    public ConfigurationManager<OpenIdConnectConfiguration> Discovery { get; } = new(
        $"{options.Value.Authority.TrimEnd('/')}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(new HttpClient { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 1024 * 1024 })
        {
            RequireHttps = options.Value.Authority.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase),
        },
        new OpenIdConnectConfigurationValidator())
    {
        AutomaticRefreshInterval = TimeSpan.FromHours(1),

        // At most this often, whatever keys tokens name.
        RefreshInterval = TimeSpan.FromSeconds(30),

        // A key that the issuer has removed is no longer accepted.
        UseLastKnownGoodConfiguration = false,
    };

    /// <summary>Tries once to load the keys. An issuer that is unavailable or slow does not stop the start.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await _tried.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Degraded until the keys are loaded: requests without a token work.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(AreLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !AreLoaded; failures++)
        {
            try
            {
                await Discovery.GetConfigurationAsync(stoppingToken).WaitAsync(stoppingToken);
                _areLoaded = true;
                _tried.TrySetResult();
                logger.LogInformation("The keys of the issuer were loaded from {Address}.", Discovery.MetadataAddress);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (failures == 0)
                {
                    logger.LogWarning(
                        "No token can be verified until the issuer can be read at {Address}: {Reason}",
                        Discovery.MetadataAddress, exception.GetBaseException().Message);
                }

                _tried.TrySetResult();
                await Task.Delay(RetryInterval, time, stoppingToken);
            }
        }
    }
}
