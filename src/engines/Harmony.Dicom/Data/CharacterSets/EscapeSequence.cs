namespace Harmony.Dicom.Data.CharacterSets;

/// <summary>An ISO 2022 escape of PS3.3 tables C.12-3 and C.12-4: from here on another set is in use.</summary>
/// <param name="Code">What follows ESC.</param>
/// <param name="Set">The set.</param>
/// <param name="IsG1">Whether it is for bytes from 0x80 on; else for those below.</param>
internal readonly record struct EscapeSequence(string Code, CodedSet Set, bool IsG1)
{
    private static readonly EscapeSequence[] All =
    [
        new("(B", CodedSet.Ascii, false),
        new("(J", CodedSet.Romaji, false),
        new(")I", CodedSet.Katakana, true),
        new("$B", CodedSet.Jis0208, false),
        new("$@", CodedSet.Jis0208, false), // the edition of 1978
        new("$(D", CodedSet.Jis0212, false),
        new("$)C", CodedSet.KsX1001, true),
        new("$)A", CodedSet.Gb2312, true),
        Latin("-A", "100"),
        Latin("-B", "101"),
        Latin("-C", "109"),
        Latin("-D", "110"),
        Latin("-L", "144"),
        Latin("-G", "127"),
        Latin("-F", "126"),
        Latin("-H", "138"),
        Latin("-M", "148"),
        Latin("-b", "203"),
        Latin("-T", "166"),
    ];

    /// <summary>Finds the escape at the beginning of <paramref name="text"/>, which is what follows ESC.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, out EscapeSequence escape)
    {
        foreach (var candidate in All)
        {
            if (text.Length < candidate.Code.Length || !System.Text.Ascii.Equals(text[..candidate.Code.Length], candidate.Code)) continue;
            escape = candidate;
            return true;
        }

        escape = default;
        return false;
    }

    private static EscapeSequence Latin(string code, string term) => new(code, CharacterSetTerm.Find("ISO_IR " + term)!.G1!, true);
}
