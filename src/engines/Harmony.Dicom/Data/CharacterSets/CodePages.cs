using System.Text;

namespace Harmony.Dicom.Data.CharacterSets;

/// <summary>The base library's code pages. They are asked for by number, so that nothing has to be registered for the whole process.</summary>
internal static class CodePages
{
    public static Encoding EucJapanese { get; } = Get(51932);

    public static Encoding Japanese0212 { get; } = Get(20932);

    public static Encoding Korean { get; } = Get(949);

    public static Encoding Gbk { get; } = Get(936);

    public static Encoding Gb18030 { get; } = Get(54936);

    /// <summary>Bytes that mean nothing become U+FFFD; characters it has no code for become <c>?</c>.</summary>
    public static Encoding Get(int codePage)
        => CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))
            ?? Encoding.GetEncoding(codePage);
}
