using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Who opens the documentation page in a browser signs in there, and tries an operation that needs it.</summary>
[Trait("Level", "Run")]
public sealed class SignInPageTests
{
    private const string Audience = "https://api.example.com";

    [Fact]
    public async Task A_user_signs_in_with_a_password()
    {
        Requires.Browser();
        var application = await ServerApplication.WithAsync(("database", "sqlite"), ("cache", "memory"));
        await using var api = await ServerInstance.StartAsync(application);
        var account = await TestAccount.SignUpAsync(api.Client);
        await using var page = await OpenAsync(api);

        await page.WriteAsync("#oauth_username", account.Username);
        await page.WriteAsync("#oauth_password", account.Password);
        await page.ClickAsync(".auth-container .authorize");

        await CallsAsync(page, "getMe", account.Username);
    }

    [Fact]
    public async Task A_user_of_an_issuer_signs_in_there()
    {
        Requires.Browser();
        using var issuer = new StandInIssuer(Audience);
        var application = await ServerApplication.WithAsync(("auth", "oidc"), ("database", "sqlite"), ("cache", "memory"));
        await using var api = await ServerInstance.StartAsync(
            application, ("Auth__Authority", issuer.Url), ("Auth__Audience", Audience), ("Auth__DocsClientId", "docs"));

        // A dialog that is opened before the page has read the endpoints of the issuer offers only a token as text.
        await using var page = await OpenAsync(
            api, "JSON.stringify(ui.specSelectors.securityDefinitions()).includes('authorization_endpoint')");

        await page.ShowsAsync(".auth-container h4", "authorization_code with PKCE");
        await page.ClickAsync(".auth-container .authorize");

        await CallsAsync(page, "getMe", "ada");
    }

    private static async Task<Browser> OpenAsync(ServerInstance api, string isReady = "true")
    {
        var page = await Browser.OpenAsync(new Uri(api.Client.BaseAddress!, "/docs/index.html"));
        await page.HoldsAsync("all it needs", isReady);
        await page.ClickAsync(".auth-wrapper .authorize");
        return page;
    }

    private static async Task CallsAsync(Browser page, string operation, string expected)
    {
        await page.ShowsAsync(".auth-container button", "Logout");
        await page.ClickAsync(".btn-done");
        await page.ClickAsync($"[id$='{operation}'] .opblock-summary-control");
        await page.ClickAsync($"[id$='{operation}'] .try-out__btn");
        await page.ClickAsync($"[id$='{operation}'] .execute");
        await page.ShowsAsync(".live-responses-table .response-col_status", "200");
        await page.ShowsAsync(".live-responses-table", expected);
    }
}
