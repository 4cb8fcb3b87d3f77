using System.Text;

namespace Harmony.Dicom.Data.CharacterSets;

/// <summary>A defined term of (0008,0005): PS3.3 §C.12.1.1.2.</summary>
/// <param name="G0">What bytes below 0x80 mean at first.</param>
/// <param name="G1">What bytes from 0x80 mean at first; null if nothing.</param>
/// <param name="Whole">Where code extensions are not possible or not needed: decodes all at once, and encodes.</param>
internal sealed record CharacterSetTerm(CodedSet G0, CodedSet? G1, Encoding? Whole)
{
    private static readonly CharacterSetTerm Default = new(CodedSet.Ascii, null, null);

    private static readonly Dictionary<string, CharacterSetTerm> Terms = new(StringComparer.Ordinal)
    {
        [""] = Default,
        ["6"] = Default,
        ["13"] = new(CodedSet.Romaji, CodedSet.Katakana, null),
        ["14"] = new(CodedSet.Romaji, CodedSet.Katakana, null),
        ["100"] = Latin(Encoding.Latin1),
        ["101"] = Latin(CodePages.Get(28592)),
        ["109"] = Latin(CodePages.Get(28593)),
        ["110"] = Latin(CodePages.Get(28594)),
        ["144"] = Latin(CodePages.Get(28595)),
        ["127"] = Latin(CodePages.Get(28596)),
        ["126"] = Latin(CodePages.Get(28597)),
        ["138"] = Latin(CodePages.Get(28598)),
        ["148"] = Latin(CodePages.Get(28599)),
        ["203"] = Latin(CodePages.Get(28605)),
        ["166"] = Latin(CodePages.Get(874)), // TIS 620 and more
        ["87"] = Default,
        ["159"] = Default,
        ["149"] = new(CodedSet.Ascii, CodedSet.KsX1001, null),
        ["58"] = new(CodedSet.Ascii, CodedSet.Gb2312, null),
        ["192"] = new(CodedSet.Ascii, null, new UTF8Encoding(false)),
        ["GB18030"] = new(CodedSet.Ascii, null, CodePages.Gb18030),
        ["GBK"] = new(CodedSet.Ascii, null, CodePages.Gbk),
    };

    /// <summary>
    /// Finds <c>ISO_IR 100</c>, <c>ISO 2022 IR 100</c> and the ways they are misspelt: <c>ISO-IR 100</c>, <c>ISO IR 100</c>, <c>ISO_IR_100</c>,
    /// <c>ISO2022IR100</c>.
    /// </summary>
    public static CharacterSetTerm? Find(string term)
    {
        var name = new string([.. term.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        if (name.StartsWith("ISO2022IR", StringComparison.Ordinal)) name = name["ISO2022IR".Length..];
        else if (name.StartsWith("ISOIR", StringComparison.Ordinal)) name = name["ISOIR".Length..];
        else if (name == "UTF8") name = "192";
        return Terms.GetValueOrDefault(name);
    }

    private static CharacterSetTerm Latin(Encoding encoding) => new(CodedSet.Ascii, CodedSet.Of(encoding), encoding);
}

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
