using System.Globalization;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Data;

/// <summary>
/// A data element tag, (gggg,eeee): PS3.5 §7.1. There is a static property for every tag of the standard, e.g. <see cref="PatientName"/>;
/// tags are ordered as data sets are.
/// </summary>
/// <param name="Value">Group and element in one number, <c>0xGGGGEEEE</c>.</param>
public readonly partial record struct DicomTag(uint Value) : IComparable<DicomTag>
{
    internal static readonly DicomTag Item = new(0xFFFEE000);
    internal static readonly DicomTag ItemDelimitation = new(0xFFFEE00D);
    internal static readonly DicomTag SequenceDelimitation = new(0xFFFEE0DD);

    /// <summary>A tag from its group and element number.</summary>
    public DicomTag(ushort group, ushort element)
        : this(((uint)group << 16) | element)
    {
    }

    /// <summary>The group number: odd for private elements.</summary>
    public ushort Group => (ushort)(Value >> 16);

    /// <summary>The number within the group.</summary>
    public ushort Element => (ushort)Value;

    /// <summary>Whether the group is odd: what the element means depends on its private creator (PS3.5 §7.8).</summary>
    public bool IsPrivate => (Group & 1) != 0;

    /// <summary>Whether this is (gggg,0010-00FF) of a private group, which reserves a block of 256 elements for a creator.</summary>
    public bool IsPrivateCreator => IsPrivate && Element is >= 0x10 and <= 0xFF;

    /// <summary>Whether this is (gggg,0000), the length of a group.</summary>
    public bool IsGroupLength => Element == 0;

    /// <summary>The tag that names the creator of this private element; only for elements from (gggg,1000).</summary>
    internal DicomTag PrivateCreatorTag => new(Group, (ushort)(Element >> 8));

    /// <summary>Reads <c>(0010,0010)</c>, <c>0010,0010</c>, <c>00100010</c> or a keyword such as <c>PatientName</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomTag tag)
    {
        if (text.Length == 11 && text[0] == '(' && text[^1] == ')') text = text[1..^1];
        if (text.Length == 9 && text[4] == ',' && TryParseHex(text[..4], out var group) && TryParseHex(text[5..], out var element))
        {
            tag = new DicomTag((group << 16) | element);
            return true;
        }

        if (text.Length == 8 && TryParseHex(text, out var value))
        {
            tag = new DicomTag(value);
            return true;
        }

        return DicomDictionary.TryGetTag(text, out tag);
    }

    /// <summary>The same, for text that is known to be right.</summary>
    /// <exception cref="FormatException">It is neither a tag nor a keyword.</exception>
    public static DicomTag Parse(ReadOnlySpan<char> text)
        => TryParse(text, out var tag)
            ? tag
            : throw new FormatException($"'{text}' is neither a tag, such as 00100010, nor a keyword of the standard, such as PatientName");

    /// <inheritdoc/>
    public int CompareTo(DicomTag other) => Value.CompareTo(other.Value);

    /// <summary>Eight hexadecimal digits, as in DICOM JSON: <c>00100010</c>.</summary>
    public string ToHex() => Value.ToString("X8", CultureInfo.InvariantCulture);

    /// <summary><c>(0010,0010)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Group:X4},{Element:X4})");

    /// <summary>Orders tags as data sets are ordered.</summary>
    public static bool operator <(DicomTag left, DicomTag right) => left.Value < right.Value;

    /// <summary>Orders tags as data sets are ordered.</summary>
    public static bool operator >(DicomTag left, DicomTag right) => left.Value > right.Value;

    /// <summary>Orders tags as data sets are ordered.</summary>
    public static bool operator <=(DicomTag left, DicomTag right) => left.Value <= right.Value;

    /// <summary>Orders tags as data sets are ordered.</summary>
    public static bool operator >=(DicomTag left, DicomTag right) => left.Value >= right.Value;

    private static bool TryParseHex(ReadOnlySpan<char> text, out uint value)
        => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
