using System.Buffers.Binary;
using System.Globalization;
using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Dicom.Data;

/// <summary>
/// An element whose value is in memory. The bytes are kept as they were received (binary words in little endian order, whatever the
/// transfer syntax), and are decoded when they are read.
/// </summary>
/// <param name="tag">Which element it is.</param>
/// <param name="vr">The kind of its values; not SQ.</param>
/// <param name="bytes">The value, padded or not; not copied.</param>
/// <param name="characterSet">How to read text; without one, <see cref="SpecificCharacterSet.Default"/>.</param>
public sealed class DicomValue(DicomTag tag, Vr vr, ReadOnlyMemory<byte> bytes, SpecificCharacterSet? characterSet = null) : DicomElement(tag, vr)
{
    /// <summary>The value as it was received, words in little endian order.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>How text is read.</summary>
    public SpecificCharacterSet CharacterSet { get; } = characterSet ?? SpecificCharacterSet.Default;

    /// <inheritdoc/>
    public override bool IsEmpty => Bytes.IsEmpty;

    /// <summary>The value multiplicity: how many values there are. A blob has one.</summary>
    public int Count
    {
        get
        {
            if (IsEmpty) return 0;
            if (Vr.IsMultiValuedText()) return Text().Count('\\') + 1;
            return Vr.IsText() || Vr.IsBulk() || Vr.ValueSize() == 0 ? 1 : Bytes.Length / Vr.ValueSize();
        }
    }

    /// <summary>
    /// The text as it stands there, without padding at its end; all values with backslashes between them. Numbers as text for binary VRs, "" for blobs.
    /// </summary>
    public string GetText() => Vr.IsText() ? TrimEnd(Text()) : string.Join('\\', GetStrings());

    /// <summary>
    /// The values as text. Spaces around a value are left out where they mean nothing (not those that begin LT, ST, UT, UC and UR). Numbers are written in
    /// decimal, tags as eight digits. A blob has no values.
    /// </summary>
    public string[] GetStrings()
    {
        if (IsEmpty) return [];
        if (Vr.IsMultiValuedText()) return Array.ConvertAll(Text().Split('\\'), Trim);
        if (Vr.IsText()) return [TrimEnd(Text())];
        if (Vr.IsBulk()) return [];
        var texts = new string[Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Vr switch
            {
                Vr.AT => GetTag(i).ToHex(),
                Vr.FL => BinaryPrimitives.ReadSingleLittleEndian(Binary(i, 4)).ToString("R", CultureInfo.InvariantCulture),
                Vr.FD => BinaryPrimitives.ReadDoubleLittleEndian(Binary(i, 8)).ToString("R", CultureInfo.InvariantCulture),
                Vr.UV => BinaryPrimitives.ReadUInt64LittleEndian(Binary(i, 8)).ToString(CultureInfo.InvariantCulture),
                _ => TryGetInt64(i, out var number) ? number.ToString(CultureInfo.InvariantCulture) : "",
            };
        }

        return texts;
    }

    /// <summary>A value of VR AT.</summary>
    /// <exception cref="InvalidOperationException">The VR is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer values.</exception>
    public DicomTag GetTag(int index)
    {
        if (Vr != Vr.AT) throw new InvalidOperationException($"{this} contains no tags");
        var value = Binary(index, 4);
        return new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(value), BinaryPrimitives.ReadUInt16LittleEndian(value[2..]));
    }

    /// <summary>A value of an integer VR, or of IS, or of DS if it is whole.</summary>
    /// <returns>False if there is no such value, or it is no integer of 64 bits with a sign.</returns>
    public bool TryGetInt64(int index, out long number)
    {
        number = 0;
        if (index < 0 || index >= Count) return false;
        switch (Vr)
        {
            case Vr.US: number = BinaryPrimitives.ReadUInt16LittleEndian(Binary(index, 2)); return true;
            case Vr.SS: number = BinaryPrimitives.ReadInt16LittleEndian(Binary(index, 2)); return true;
            case Vr.UL: number = BinaryPrimitives.ReadUInt32LittleEndian(Binary(index, 4)); return true;
            case Vr.SL: number = BinaryPrimitives.ReadInt32LittleEndian(Binary(index, 4)); return true;
            case Vr.SV: number = BinaryPrimitives.ReadInt64LittleEndian(Binary(index, 8)); return true;
            case Vr.UV:
                var unsigned = BinaryPrimitives.ReadUInt64LittleEndian(Binary(index, 8));
                number = (long)unsigned;
                return unsigned <= long.MaxValue;
            case Vr.IS: return long.TryParse(GetStrings()[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
            case Vr.DS:
                if (!TryGetDouble(index, out var real) || real != Math.Floor(real) || Math.Abs(real) > 1L << 53) return false;
                number = (long)real;
                return true;
            default: return false;
        }
    }

    /// <summary>A value of any numeric VR, or of DS or IS.</summary>
    /// <returns>False if there is no such value, or it is no number.</returns>
    public bool TryGetDouble(int index, out double number)
    {
        number = 0;
        if (index < 0 || index >= Count) return false;
        switch (Vr)
        {
            case Vr.FL: number = BinaryPrimitives.ReadSingleLittleEndian(Binary(index, 4)); return true;
            case Vr.FD: number = BinaryPrimitives.ReadDoubleLittleEndian(Binary(index, 8)); return true;
            case Vr.UV: number = BinaryPrimitives.ReadUInt64LittleEndian(Binary(index, 8)); return true;
            case Vr.DS or Vr.IS: return double.TryParse(GetStrings()[index], NumberStyles.Float, CultureInfo.InvariantCulture, out number);
            default:
                var isInteger = TryGetInt64(index, out var integer);
                number = integer;
                return isInteger;
        }
    }

    /// <summary>Values of VR PN.</summary>
    public PersonName[] GetPersonNames() => Array.ConvertAll(GetStrings(), PersonName.Parse);

    private string Text() => Vr.UsesCharacterSet() ? CharacterSet.Decode(Bytes.Span, Vr) : SpecificCharacterSet.Default.Decode(Bytes.Span, Vr);

    private string Trim(string value) => Vr == Vr.UC ? TrimEnd(value) : TrimEnd(value).TrimStart(' ');

    /// <summary>Devices pad with NUL where a space belongs, and the other way round.</summary>
    private static string TrimEnd(string value) => value.TrimEnd(' ', '\0');

    private ReadOnlySpan<byte> Binary(int index, int size)
        => index >= 0 && (index + 1) * (long)size <= Bytes.Length ? Bytes.Span.Slice(index * size, size) : throw new ArgumentOutOfRangeException(nameof(index));
}
