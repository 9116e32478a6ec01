using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class SecretsTests
{
    [Fact]
    public async Task No_log_line_holds_a_password_a_token_or_a_key()
    {
        var log = new LogRecorder();
        await using var api = new ApiFactory()
            .With("Logging:LogLevel:Default", "Trace")
            .With("Logging:LogLevel:Microsoft.AspNetCore", "Trace")
            .With("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Trace")
            .LogTo(log);
        await api.InitializeAsync();
        var client = api.CreateClient();
        var user = TestUser.Create();

        var first = await api.SignUpAsync(user);
        var second = await (await client.RefreshAsync(first.Refresh)).ReadTokensAsync();
        await client.GetMeAsync(second.Access);
        await client.GetMeAsync(second.Access + "x");
        await client.SignInAsync(user.Username, user.Password + "x");
        await client.RegisterAsync(user);
        await client.RegisterAsync(user with { Username = "?" });
        await client.RefreshAsync(first.Refresh);

        Assert.Contains(log.Lines, line => line.Message.Contains("/auth/token", StringComparison.Ordinal));
        foreach (var secret in new[] { user.Password, first.Access, first.Refresh, second.Access, second.Refresh, Accounts.SigningKey })
        {
            Assert.DoesNotContain(
                log.Lines, line => (line.Message + line.Scopes).Contains(secret, StringComparison.Ordinal));
        }
    }
}
