using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Dicom.Data;

/// <summary>Encodes values that were made here, and refuses what their VR does not allow: PS3.5 §6.2. Messages never show values.</summary>
internal static class ValueEncoder
{
    /// <summary>
    /// The bytes of values. Text is only checked if <paramref name="isStrict"/>: what comes from others is not, and is UTF-8 where ASCII is wanted.
    /// </summary>
    public static byte[] Encode(DicomTag tag, Vr vr, ReadOnlySpan<string> values, SpecificCharacterSet characterSet, bool isStrict = true)
    {
        if (values.IsEmpty) return [];
        if (vr.IsText()) return EncodeText(tag, vr, values, characterSet, isStrict);
        var size = vr.ValueSize();
        if (size == 0 || vr.IsBulk()) throw new ArgumentException($"{tag} has VR {vr}, which is not made of text", nameof(values));
        var bytes = new byte[values.Length * size];
        for (var i = 0; i < values.Length; i++)
        {
            if (!TryEncodeNumber(vr, values[i], bytes.AsSpan(i * size, size)))
                throw new ArgumentException($"value {i + 1} of {tag} is no {vr}", nameof(values));
        }

        return bytes;
    }

    /// <summary>A number as text for its VR.</summary>
    public static string NumberText(Vr vr, double value) => vr == Vr.DS ? DecimalString(value) : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number in at most 16 characters, as exactly as they allow.</summary>
    public static string DecimalString(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException("DS has no infinity and no NaN", nameof(value));
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        for (var digits = 15; text.Length > 16; digits--)
            text = value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text;
    }

    private static byte[] EncodeText(DicomTag tag, Vr vr, ReadOnlySpan<string> values, SpecificCharacterSet characterSet, bool isStrict)
    {
        if (!vr.IsMultiValuedText() && values.Length > 1) throw new ArgumentException($"{tag} has VR {vr}, which has one value", nameof(values));
        for (var i = 0; isStrict && i < values.Length; i++) Check(tag, vr, values[i], i);
        var text = string.Join('\\', values!);
        if (vr.UsesCharacterSet())
        {
            return characterSet.TryEncode(text, out var bytes)
                ? bytes
                : throw new ArgumentException($"{tag} has characters that {characterSet} has no code for", nameof(values));
        }

        return !isStrict || Ascii.IsValid(text)
            ? Encoding.UTF8.GetBytes(text)
            : throw new ArgumentException($"{tag} has VR {vr}, which is ASCII", nameof(values));
    }

    private static void Check(DicomTag tag, Vr vr, string value, int index)
    {
        ArgumentNullException.ThrowIfNull(value);
        var longest = vr == Vr.PN ? value.Split('=').Max(g => g.Length) : value.Length;
        if (vr.MaxCharacters() is var max and > 0 && longest > max)
            throw new ArgumentException($"value {index + 1} of {tag} has {longest} characters; {vr} allows {max}", nameof(value));
        if (vr.IsMultiValuedText() && value.Contains('\\', StringComparison.Ordinal))
            throw new ArgumentException($"value {index + 1} of {tag} has a backslash, which separates values of {vr}", nameof(value));
        var isValid = vr switch
        {
            Vr.UI => value.All(c => char.IsAsciiDigit(c) || c == '.'),
            Vr.IS => value.Length == 0 || int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
            Vr.DS => value.Length == 0 || (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)),
            _ => true,
        };
        if (!isValid) throw new ArgumentException($"value {index + 1} of {tag} is no {vr}", nameof(value));
    }

    private static bool TryEncodeNumber(Vr vr, string text, Span<byte> to)
    {
        const NumberStyles Integer = NumberStyles.AllowLeadingSign;
        var culture = CultureInfo.InvariantCulture;
        return vr switch
        {
            Vr.US => ushort.TryParse(text, Integer, culture, out var v) && BinaryPrimitives.TryWriteUInt16LittleEndian(to, v),
            Vr.SS => short.TryParse(text, Integer, culture, out var v) && BinaryPrimitives.TryWriteInt16LittleEndian(to, v),
            Vr.UL => uint.TryParse(text, Integer, culture, out var v) && BinaryPrimitives.TryWriteUInt32LittleEndian(to, v),
            Vr.SL => int.TryParse(text, Integer, culture, out var v) && BinaryPrimitives.TryWriteInt32LittleEndian(to, v),
            Vr.UV => ulong.TryParse(text, Integer, culture, out var v) && BinaryPrimitives.TryWriteUInt64LittleEndian(to, v),
            Vr.SV => long.TryParse(text, Integer, culture, out var v) && BinaryPrimitives.TryWriteInt64LittleEndian(to, v),
            Vr.FL => float.TryParse(text, NumberStyles.Float, culture, out var v) && IsInRange(text, v) && BinaryPrimitives.TryWriteSingleLittleEndian(to, v),
            Vr.FD => double.TryParse(text, NumberStyles.Float, culture, out var v) && IsInRange(text, v) && BinaryPrimitives.TryWriteDoubleLittleEndian(to, v),
            Vr.AT => DicomTag.TryParse(text, out var v) && BinaryPrimitives.TryWriteUInt16LittleEndian(to, v.Group)
                && BinaryPrimitives.TryWriteUInt16LittleEndian(to[2..], v.Element),
            _ => false,
        };
    }

    /// <summary>Whether a number that was parsed to infinity says so, rather than being too large.</summary>
    private static bool IsInRange(string text, double number) => !double.IsInfinity(number) || !text.Any(char.IsAsciiDigit);
}
