using System.Net;
using Polly;
using Polly.Timeout;

namespace InterviewApi.Services;

/// <summary>The shipping service returned no usable response, or none in time.</summary>
public sealed class ShippingException(bool isTimeout, Exception innerException)
    : Exception("The shipping service failed.", innerException)
{
    public bool IsTimeout => isTimeout;
}

/// <summary>
/// The client of the shipping service. Its registration adds the time limit, the retries and the circuit breaker.
/// </summary>
public sealed partial class ShippingClient(HttpClient http, ILogger<ShippingClient> logger)
{
    /// <value>Whether the service has an address; without one, every request fails.</value>
    public bool IsConfigured => http.BaseAddress is not null;

    /// <summary>Gets a JSON document.</summary>
    /// <param name="path">The path below the address of the service. Escape values that come from a client.</param>
    /// <returns>Null if the service does not have it.</returns>
    /// <exception cref="ShippingException">The service failed.</exception>
    public async Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var response = await http.GetAsync(path, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web) ?? throw new JsonException("The response is null.");
        }
        catch (Exception exception) when (IsFailure(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogFailure(exception);
            throw new ShippingException(exception is TimeoutRejectedException or OperationCanceledException, exception);
        }
    }

    // Rejected by the pipeline: it took too long, or the circuit is open. Canceled: the body took too long.
    private static bool IsFailure(Exception exception) =>
        exception is HttpRequestException or JsonException or ExecutionRejectedException or OperationCanceledException;

    [LoggerMessage(LogLevel.Warning, "The shipping service failed.")]
    private partial void LogFailure(Exception exception);
}
