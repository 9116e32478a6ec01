using InterviewApi.Services;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace InterviewApi.Dependencies;

/// <summary>The shipping service.</summary>
public sealed class ShippingOptions : IValidatableObject
{
    public const string Section = "Shipping";

    /// <value>The address of the service; without one, it is not used.</value>
    public string? BaseUrl { get; set; }

    /// <value>The time limit of a request with its retries, in seconds. The default is 5.</value>
    [Range(1, 30)]
    public int TimeoutSeconds { get; set; } = 5;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Do not repeat the text: it may contain a password.
        if (!string.IsNullOrEmpty(BaseUrl)
            && !(Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url)
                && url is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }))
        {
            yield return new("This is not the URL of a service, such as https://api.example.com/v1.", [nameof(BaseUrl)]);
        }
    }
}

/// <summary>The HTTP client of the shipping service.</summary>
public static class ShippingDependencies
{
    private const int MaxResponseBytes = 1024 * 1024;

    public static void AddShipping(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ShippingOptions>().BindSection(ShippingOptions.Section);
        var client = services.AddHttpClient<ShippingClient>((provider, http) =>
        {
            var options = provider.GetRequiredService<IOptions<ShippingOptions>>().Value;
            http.BaseAddress = string.IsNullOrEmpty(options.BaseUrl) ? null : new Uri($"{options.BaseUrl.TrimEnd('/')}/");
            http.MaxResponseContentBufferSize = MaxResponseBytes;

            // Covers everything: the retries, and the body, which arrives after the pipeline below has ended.
            http.Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        });

        // A redirect could lead to an address within this network.
        client.UseSocketsHttpHandler((handler, _) => handler.AllowAutoRedirect = false);
        client.AddResilienceHandler("standard", (pipeline, context) => Configure(
            pipeline, TimeSpan.FromSeconds(context.ServiceProvider.GetRequiredService<IOptions<ShippingOptions>>().Value.TimeoutSeconds)));
    }

    // From the outside in.
    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TimeSpan timeout)
    {
        // A request that is not idempotent may have been carried out although its response was lost.
        var retry = new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.FromMilliseconds(200) };
        retry.DisableForUnsafeHttpMethods();
        pipeline.AddRetry(retry);

        // If half of at least ten attempts within 30 seconds fail, requests fail at once for the next 15 seconds.
        pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            SamplingDuration = TimeSpan.FromSeconds(30),
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            BreakDuration = TimeSpan.FromSeconds(15),
        });
        pipeline.AddTimeout(timeout / 2);
    }
}
