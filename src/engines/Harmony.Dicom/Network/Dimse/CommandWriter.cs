using System.Buffers.Binary;
using System.Text;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>Writes a command set: implicit VR little endian, in the order of tags, with a group length. What a peer sent is sent back as it is, wrong or not.</summary>
internal sealed class CommandWriter
{
    private const int HeaderLength = 8;
    private const int GroupLength = HeaderLength + 4;
    private const int MaxComment = 64;
    private readonly List<(DicomTag Tag, byte[] Value)> _elements = new(12);

    public void UInt16(DicomTag tag, ushort? value)
    {
        if (value is not { } number) return;
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, number);
        _elements.Add((tag, bytes));
    }

    public void Uid(DicomTag tag, string? value) => Text(tag, value, '\0');

    public void Text(DicomTag tag, string? value) => Text(tag, value, ' ');

    /// <summary>An explanation (LO): what it cannot say is left out.</summary>
    public void Comment(DicomTag tag, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return;
        var text = value.Length > MaxComment ? value.AsSpan(0, MaxComment) : value;
        Text(tag, string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = from[i] is >= ' ' and <= '~' and not '\\' ? from[i] : '?';
        }));
    }

    public void Tags(DicomTag tag, IReadOnlyList<DicomTag> values)
    {
        if (values.Count == 0) return;
        var bytes = new byte[4 * values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4 * i), values[i].Group);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan((4 * i) + 2), values[i].Element);
        }

        _elements.Add((tag, bytes));
    }

    public byte[] ToBytes()
    {
        _elements.Sort((a, b) => a.Tag.CompareTo(b.Tag));
        var bytes = new byte[GroupLength + _elements.Sum(e => HeaderLength + e.Value.Length)];
        bytes[4] = 4;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderLength), bytes.Length - GroupLength);
        var to = bytes.AsSpan(GroupLength);
        foreach (var (tag, value) in _elements)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to[2..], tag.Element);
            BinaryPrimitives.WriteInt32LittleEndian(to[4..], value.Length);
            value.CopyTo(to[HeaderLength..]);
            to = to[(HeaderLength + value.Length)..];
        }

        return bytes;
    }

    private void Text(DicomTag tag, string? value, char padding)
    {
        if (value is null) return;
        _elements.Add((tag, Encoding.Latin1.GetBytes(value.Length % 2 == 0 ? value : value + padding)));
    }
}
