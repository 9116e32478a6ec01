using System.Net;
using Polly;
using Polly.Timeout;

namespace Acme.Shop.Services;

/// <summary>The exchange rate service returned no usable response, or none in time.</summary>
public sealed class ExchangeRateException(bool isTimeout, Exception innerException)
    : Exception("The exchange rate service failed.", innerException)
{
    public bool IsTimeout => isTimeout;
}

/// <summary>The client of an exchange rate service with the interface of Frankfurter.</summary>
// GET latest?base=USD&symbols=EUR returns {"rates":{"EUR":0.92}}.
public class ExchangeRates(HttpClient http, ILogger<ExchangeRates> logger)
{
    public const string BaseCurrency = "USD";

    private const decimal MaxRate = 1_000_000_000;

    /// <value>Whether the service has an address; without one, no rate can be found.</value>
    public bool IsConfigured => http.BaseAddress is not null;

    /// <summary>Finds the price of one US dollar in another currency.</summary>
    /// <param name="currency">An ISO 4217 code in upper case.</param>
    /// <returns>Null if the service does not have this currency.</returns>
    /// <exception cref="ExchangeRateException">The service failed.</exception>
    public virtual async Task<decimal?> FindAsync(string currency, CancellationToken cancellationToken)
    {
        try
        {
            return currency == BaseCurrency ? 1 : await RequestAsync(currency, cancellationToken);
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            logger.LogWarning(exception, "The exchange rate service failed.");
            throw new ExchangeRateException(exception is TimeoutRejectedException or OperationCanceledException, exception);
        }
    }

    // Rejected by the pipeline: it took too long, or the circuit is open. Canceled, but not by the caller: the body took too long.
    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) => exception is OperationCanceledException
        ? !cancellationToken.IsCancellationRequested
        : exception is HttpRequestException or JsonException or ExecutionRejectedException;

    private async Task<decimal?> RequestAsync(string currency, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"latest?base={BaseCurrency}&symbols={currency}", cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableContent)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var rates = JsonSerializer.Deserialize<RatesResponse>(body, JsonSerializerOptions.Web)?.Rates
            ?? throw new JsonException("The response has no rates.");
        if (!rates.TryGetValue(currency, out var rate))
        {
            return null;
        }

        return rate is > 0 and <= MaxRate ? rate : throw new JsonException("The rate is out of range.");
    }

    private sealed record RatesResponse(Dictionary<string, decimal>? Rates);
}
