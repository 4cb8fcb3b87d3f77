using System.Text;

namespace Harmony.Dicom.Data.CharacterSets;

/// <summary>What (0008,0005) Specific Character Set says about the text of a data set: PS3.3 §C.12.1.1.2, PS3.5 §6.1.</summary>
public sealed class SpecificCharacterSet
{
    private readonly CharacterSetTerm _first;
    private readonly bool _extended;

    private SpecificCharacterSet(IReadOnlyList<string> terms, CharacterSetTerm first, bool isKnown)
    {
        (DefinedTerms, _first, IsKnown) = (terms, first, isKnown);
        // Text with escapes is often sent by those who declare only one set, so only UTF-8, GB18030 and GBK, which cannot have any, are exempt.
        _extended = first.Whole is null || first.G1 is not null || terms.Count > 1;
    }

    /// <summary>No character set is given: ASCII. What is not ASCII nevertheless is read as UTF-8 if it is that, else as Latin-1.</summary>
    public static SpecificCharacterSet Default { get; } = new([], CharacterSetTerm.Find("")!, true);

    /// <summary>UTF-8, <c>ISO_IR 192</c>.</summary>
    public static SpecificCharacterSet Utf8 { get; } = Parse(["ISO_IR 192"]);

    /// <summary>The values of (0008,0005), e.g. <c>["", "ISO 2022 IR 87"]</c>. None means <see cref="Default"/>.</summary>
    public IReadOnlyList<string> DefinedTerms { get; }

    /// <summary>Whether every term is one of the standard's. Text of unknown sets is read as <see cref="Default"/> is.</summary>
    public bool IsKnown { get; }

    /// <summary>The character set of these values of (0008,0005).</summary>
    public static SpecificCharacterSet Parse(IReadOnlyList<string> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0) return Default;
        var found = terms.Select(CharacterSetTerm.Find).ToList();
        return new SpecificCharacterSet([.. terms], found[0] ?? CharacterSetTerm.Find("")!, !found.Contains(null));
    }

    /// <summary>Decodes the bytes of a value, all its parts with their separators. Never fails: what has no meaning becomes U+FFFD.</summary>
    /// <param name="bytes">The value, with its padding.</param>
    /// <param name="vr">Its VR, which tells which characters are separators.</param>
    public string Decode(ReadOnlySpan<byte> bytes, Vr vr)
    {
        if (Ascii.IsValid(bytes) && !bytes.Contains((byte)0x1B) && !ReferenceEquals(_first.G0, CodedSet.Romaji)) return Encoding.ASCII.GetString(bytes);
        if (!_extended) return _first.Whole!.GetString(bytes);
        if (_first.Whole is not null && !bytes.Contains((byte)0x1B)) return _first.Whole.GetString(bytes);
        if (_first.G1 is null && !bytes.Contains((byte)0x1B))
            return (System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
        return Iso2022Decoder.Decode(bytes, _first, vr);
    }

    /// <summary>Encodes text. Only the first set is used: sets of one byte, UTF-8, GB18030 and GBK have all they need in it.</summary>
    /// <returns>False if a character has no code in it; <see cref="Utf8"/> has one for all.</returns>
    public bool TryEncode(string text, out byte[] bytes)
    {
        var encoding = _first.Whole ?? Encoding.ASCII;
        bytes = encoding.GetBytes(text);
        return encoding is UTF8Encoding || Ascii.IsValid(text) || encoding.GetString(bytes) == text;
    }

    /// <summary>The defined terms as they stand in (0008,0005).</summary>
    public override string ToString() => string.Join('\\', DefinedTerms);
}

/// <summary>
/// Decodes text with code extensions (PS3.5 §6.1.2.5). The base library's ISO-2022 decoders do not know the sets of DICOM's other
/// languages, nor that every delimiter brings the first set back.
/// </summary>
internal static class Iso2022Decoder
{
    private const byte Escape = 0x1B;

    public static string Decode(ReadOnlySpan<byte> bytes, CharacterSetTerm first, Vr vr)
    {
        var text = new StringBuilder(bytes.Length);
        var (g0, g1) = (first.G0, first.G1);
        for (var i = 0; i < bytes.Length;)
        {
            var b = bytes[i];
            if (b == Escape)
            {
                i++;
                if (!EscapeSequence.TryFind(bytes[i..], out var escape)) text.Append('\uFFFD');
                else
                {
                    if (escape.IsG1) g1 = escape.Set;
                    else g0 = escape.Set;
                    i += escape.Code.Length;
                }

                continue;
            }

            // Controls and the space are no part of any set of two bytes.
            var set = b <= 0x20 ? CodedSet.Ascii : b < 0x80 ? g0 : g1;
            if (set is { Width: 1 } && Resets(b, vr)) (g0, g1) = (first.G0, first.G1);
            var second = set is { Width: 2 } && i + 1 < bytes.Length ? bytes[i + 1] : (byte)0;
            text.Append(set is null || (set.Width == 2 && second == 0) ? "\uFFFD" : set.Decode(b, second).ToString());
            i += set is { Width: 2 } && second != 0 ? 2 : 1;
        }

        return text.ToString();
    }

    private static bool Resets(byte b, Vr vr)
        => b is (byte)'\n' or (byte)'\f' or (byte)'\r' or (byte)'\t' || (b == '\\' && vr.IsMultiValuedText()) || (b is (byte)'^' or (byte)'=' && vr == Vr.PN);
}
