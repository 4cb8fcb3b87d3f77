using System.Buffers.Binary;
using System.Text;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>The elements of a command set, by what they are.</summary>
internal sealed class CommandReader(DicomDataSet commandSet)
{
    public const ushort NoDataSet = 0x0101;

    /// <summary>Whether a data set follows (PS3.7 §9.3): anything but 0101H says so.</summary>
    public bool HasDataSet => OptionalUInt16(DicomTag.CommandDataSetType) is { } type && type != NoDataSet;

    /// <exception cref="DicomFormatException">It is missing, or no number of 16 bits.</exception>
    public ushort UInt16(DicomTag tag) => OptionalUInt16(tag) ?? throw Missing(tag);

    public ushort? OptionalUInt16(DicomTag tag) => commandSet.GetInt32(tag) is { } number and >= 0 and <= ushort.MaxValue ? (ushort)number : null;

    /// <exception cref="DicomFormatException">It is missing or empty.</exception>
    public string Text(DicomTag tag) => commandSet.GetString(tag) ?? throw Missing(tag);

    /// <summary>Text that a request should have, and that is answered where it has none: an association is not ended for that.</summary>
    public string? OptionalText(DicomTag tag) => commandSet.GetString(tag);

    /// <summary>Tags; a broken list counts as none, as it only explains an error.</summary>
    public IReadOnlyList<DicomTag> Tags(DicomTag tag)
        => commandSet.TryGet<DicomValue>(tag, out var value) && value.Vr == Vr.AT ? [.. Enumerable.Range(0, value.Bytes.Length / 4).Select(value.GetTag)] : [];

    private static DicomFormatException Missing(DicomTag tag) => new($"the command set has no {tag}, or none that can be used");
}

/// <summary>
/// Writes a command set: implicit VR little endian, in the order of tags, with a group length. What a peer sent is sent back as it is, wrong or not.
/// </summary>
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
