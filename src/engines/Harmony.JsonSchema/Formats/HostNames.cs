using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.JsonSchema.Formats;

/// <summary>Names of hosts, in ASCII and internationalised.</summary>
internal static class HostNames
{
    private const string AcePrefix = "xn--";

    // RFC 1123 §2.1
    private static readonly Regex Label = new(@"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.NonBacktracking);

    private static readonly IdnMapping Idn = new();

    // RFC 5892 §2.6: what is allowed or not against its category; those that need a context are allowed in any.
    private static readonly HashSet<int> Allowed = [0x00B7, 0x0375, 0x05F3, 0x05F4, 0x06FD, 0x06FE, 0x0F0B, 0x200C, 0x200D, 0x3007, 0x30FB];
    private static readonly HashSet<int> Disallowed = [0x0640, 0x07FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B];

    /// <summary>RFC 1123 §2.1, with the labels that RFC 5891 makes of others.</summary>
    public static bool IsHostName(string text) => text.Length <= 253 && Array.TrueForAll(text.Split('.'), IsAsciiLabel);

    /// <summary>RFC 5890 §2.3.2.3, without the rules on neighbours (RFC 5892 appendix A).</summary>
    public static bool IsInternational(string text) => text.Length <= 253 && Array.TrueForAll(text.Split('.'), l => IsAsciiLabel(l) || IsUnicodeLabel(l));

    private static bool IsAsciiLabel(string label)
    {
        if (!Label.IsMatch(label)) return false;
        if (!label.StartsWith(AcePrefix, StringComparison.OrdinalIgnoreCase)) return true;
        try
        {
            return !Ascii.IsValid(Idn.GetUnicode(label));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsUnicodeLabel(string label)
    {
        if (label.Length == 0 || label[0] == '-' || label[^1] == '-' || (label.Length > 3 && label[2..4] == "--")) return false;
        if (Ascii.IsValid(label) || IsMark(Rune.GetUnicodeCategory(label.EnumerateRunes().First()))) return false;
        try
        {
            return label.EnumerateRunes().All(IsAllowed) && Idn.GetAscii(label).Length <= 63;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // RFC 5892 §2.1
    private static bool IsAllowed(Rune rune)
    {
        if (rune.IsAscii) return char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '-';
        if (Allowed.Contains(rune.Value)) return true;
        return !Disallowed.Contains(rune.Value) && Rune.GetUnicodeCategory(rune) is var category
            && (IsMark(category) || category is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.DecimalDigitNumber);
    }

    private static bool IsMark(UnicodeCategory category)
        => category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
