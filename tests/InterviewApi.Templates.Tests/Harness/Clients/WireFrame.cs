using System.Buffers.Binary;
using System.Text;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A frame as it crosses the wire (RFC 6455 section 5.2). The first byte holds the final bit and the opcode.</summary>
internal sealed record WireFrame(byte First, byte[] Payload)
{
    public const byte Final = 0x80;
    public const byte Continuation = 0;
    public const byte Text = 1;
    public const byte Binary = 2;
    public const byte Close = 8;
    public const byte Ping = 9;
    public const byte Pong = 10;

    private const int MaskLength = 4;

    public int Opcode => First & 0x0F;

    public string PayloadText => Encoding.UTF8.GetString(Payload);

    /// <summary>The status code of a close frame.</summary>
    public int Status => BinaryPrimitives.ReadUInt16BigEndian(Payload);

    public string Reason => Encoding.UTF8.GetString(Payload.AsSpan(sizeof(ushort)));

    public static byte[] EncodeText(string text) => Encode(Final | Text, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// The frame as a client sends it: masked, with a mask of zeros. Its header may state another length than the payload has.
    /// </summary>
    public static byte[] Encode(byte first, byte[] payload, bool masked = true, ulong? statedLength = null)
    {
        var length = statedLength ?? (ulong)payload.Length;
        byte[] size = length switch
        {
            < 126 => [(byte)length],
            <= ushort.MaxValue => [126, (byte)(length >> 8), (byte)length],
            _ => [127, .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(length))],
        };
        size[0] |= masked ? (byte)0x80 : (byte)0;

        return [first, .. size, .. new byte[masked ? MaskLength : 0], .. payload];
    }
}
