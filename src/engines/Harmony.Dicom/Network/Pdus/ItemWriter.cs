using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Harmony.Dicom.Network.Pdus;

/// <summary>Writes items: a type, a reserved byte, the length in two bytes, big endian.</summary>
internal sealed class ItemWriter
{
    private const int AeTitleLength = 16;
    private readonly ArrayBufferWriter<byte> _output = new(1024);

    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    public void Byte(byte value) => Bytes([value]);

    public void Bytes(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    public void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_output.GetSpan(2), (ushort)value);
        _output.Advance(2);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_output.GetSpan(4), value);
        _output.Advance(4);
    }

    /// <summary>A title in 16 bytes, filled up with spaces.</summary>
    public void AeTitle(string title)
    {
        if (!AeTitles.IsValid(title)) throw new ArgumentException("an AE title has 1 to 16 characters of ASCII, no backslash, and is not blank", nameof(title));
        var span = _output.GetSpan(AeTitleLength)[..AeTitleLength];
        span.Fill((byte)' ');
        Encoding.ASCII.GetBytes(title, span);
        _output.Advance(AeTitleLength);
    }

    /// <summary>Text with its length in two bytes before it.</summary>
    public void LengthAndText(string text)
    {
        UInt16(Checked(text.Length));
        Text(text);
    }

    /// <summary>Bytes with their length in two bytes before them.</summary>
    public void LengthAndBytes(ReadOnlySpan<byte> bytes)
    {
        UInt16(Checked(bytes.Length));
        Bytes(bytes);
    }

    /// <summary>An item that is text.</summary>
    public void TextItem(byte type, string text)
    {
        Bytes([type, 0]);
        LengthAndText(text);
    }

    /// <summary>An item made of others.</summary>
    public void Item(byte type, Action<ItemWriter> content)
    {
        var inner = new ItemWriter();
        content(inner);
        Bytes([type, 0]);
        LengthAndBytes(inner._output.WrittenSpan);
    }

    private void Text(string text)
    {
        Encoding.Latin1.GetBytes(text, _output.GetSpan(text.Length));
        _output.Advance(text.Length);
    }

    private static int Checked(int length)
        => length <= ushort.MaxValue ? length : throw new ArgumentException($"an item has at most {ushort.MaxValue} bytes, not {length}", nameof(length));
}
