using System.Text;

namespace Acme.Shop.Core.Realtime;

/// <summary>A broadcast on its way to the other instances: who sent it, the channel, and the message as it stands.</summary>
public readonly record struct BackplaneMessage(Guid Instance, string Channel, ReadOnlyMemory<byte> Message)
{
    private const int GuidLength = 16;
    private const int HeaderLength = GuidLength + 1;

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <returns>Null if this is something else.</returns>
    public static BackplaneMessage? Decode(byte[]? bytes)
    {
        if (bytes is not { Length: >= HeaderLength } || bytes.Length < HeaderLength + bytes[GuidLength])
        {
            return null;
        }

        var channelLength = bytes[GuidLength];
        return new(
            new Guid(bytes.AsSpan(0, GuidLength)),
            Encoding.ASCII.GetString(bytes, HeaderLength, channelLength),
            bytes.AsMemory(HeaderLength + channelLength));
    }

    /// <summary>The instance, the length of the channel's name in one byte, the name in ASCII, the message.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[HeaderLength + Channel.Length + Message.Length];
        Instance.TryWriteBytes(bytes);
        bytes[GuidLength] = checked((byte)Channel.Length);
        Encoding.ASCII.GetBytes(Channel, bytes.AsSpan(HeaderLength));
        Message.Span.CopyTo(bytes.AsSpan(HeaderLength + Channel.Length));
        return bytes;
    }
}
