using Acme.Shop.Core.Realtime;

namespace Acme.Shop.Tests.Unit;

public sealed class BackplaneMessageTests
{
    [Theory]
    [InlineData("lobby", "{}")]
    [InlineData("", "")]
    public void It_reads_what_it_wrote(string channel, string message)
    {
        var instance = Guid.NewGuid();
        var bytes = System.Text.Encoding.UTF8.GetBytes(message);

        var decoded = BackplaneMessage.Decode(new BackplaneMessage(instance, channel, bytes).Encode());

        Assert.Equal((instance, channel), (decoded!.Value.Instance, decoded.Value.Channel));
        Assert.Equal(bytes, decoded.Value.Message.ToArray());
    }

    [Fact]
    public void Something_else_is_not_read()
    {
        var bytes = new BackplaneMessage(Guid.NewGuid(), "lobby", default).Encode();

        Assert.Null(BackplaneMessage.Decode(null));
        Assert.Null(BackplaneMessage.Decode([]));
        Assert.Null(BackplaneMessage.Decode(bytes[..^1]));
    }
}
