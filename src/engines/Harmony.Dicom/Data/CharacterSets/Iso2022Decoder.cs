using System.Text;

namespace Harmony.Dicom.Data.CharacterSets;

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
