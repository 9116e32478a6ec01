namespace Acme.Shop.Tests.Support;

/// <summary>An application on the real web server, because frames are its matter.</summary>
public sealed class RealtimeFixture : IAsyncLifetime
{
    public ApiFactory Api { get; } = new ApiFactory().OnNetwork();

    /// <summary>Clients that are connected in the same way as a client that may change resources.</summary>
    public async Task<SocketClient[]> ConnectAsync(int count)
    {
        using var client = await Api.CreateWriterAsync();
        var clients = new SocketClient[count];
        for (var index = 0; index < count; index++)
        {
            clients[index] = await SocketClient.ConnectAsync(client);
        }

        return clients;
    }

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
