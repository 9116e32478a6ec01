using Acme.Shop.Services;

namespace Acme.Shop.Api.V2;

/// <summary>A price in another currency.</summary>
/// <param name="Amount">A decimal number with two decimal places.</param>
/// <param name="Currency">An ISO 4217 code.</param>
public sealed record ConvertedPrice(string Amount, string Currency);

/// <summary>Prices in other currencies, by the rates of an external service.</summary>
public static class PriceEndpoints
{
    private const string CodePattern = "^[A-Za-z]{3}$";

    public static void MapPrices(this RouteGroupBuilder api) => api.MapGet("/products/{id:long}/price", GetProductPrice)
        .WithTags("Products")
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status501NotImplemented)
        .ProducesProblem(StatusCodes.Status502BadGateway)
        .ProducesProblem(StatusCodes.Status504GatewayTimeout);

    /// <summary>Gets the price of a product in another currency.</summary>
    /// <param name="currency">An ISO 4217 code, such as EUR.</param>
    internal static async Task<Results<Ok<ConvertedPrice>, ProblemHttpResult>> GetProductPrice(
        long id,
        [Required, RegularExpression(CodePattern, ErrorMessage = "The {0} field must be a code of three letters.")] string currency,
        ProductService products, ExchangeRates rates, CancellationToken cancellationToken)
    {
        if (!rates.IsConfigured)
        {
            return Problem(
                StatusCodes.Status501NotImplemented,
                "Prices are in US dollars only. To convert them, set ExchangeRates__BaseUrl to the address of an exchange rate service.");
        }

        if (await products.FindAsync(id, cancellationToken) is not { } product)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        currency = currency.ToUpperInvariant();
        try
        {
            if (await rates.FindAsync(currency, cancellationToken) is not { } rate)
            {
                return Problem(
                    StatusCodes.Status422UnprocessableEntity, "The exchange rate service does not have this currency. Choose another one.");
            }

            var amount = decimal.Round(product.Price * rate, 2, MidpointRounding.AwayFromZero);
            return TypedResults.Ok(new ConvertedPrice(amount.ToString("0.00", CultureInfo.InvariantCulture), currency));
        }
        catch (ExchangeRateException exception)
        {
            return exception.IsTimeout
                ? Problem(StatusCodes.Status504GatewayTimeout, "The exchange rate service did not respond in time. Try again later.")
                : Problem(StatusCodes.Status502BadGateway, "The exchange rate service failed. Try again later.");
        }
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(statusCode: status, detail: detail);
}
