using System.Text;

namespace Harmony.Dicom.Json;

/// <summary>Decimal and integer strings as JSON numbers, without a detour that loses digits.</summary>
internal static class DicomJsonNumber
{
    /// <summary>Takes what DS and IS allow and JSON does not out of a number: <c>+5</c>, <c>007</c>, <c>.5</c>, <c>5.</c>, <c>1E+2</c>.</summary>
    /// <returns>False if it is no number.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> text, out string number)
    {
        number = "";
        var result = new StringBuilder(text.Length + 2);
        if (text is ['-', ..]) result.Append('-');
        if (text is ['-' or '+', ..]) text = text[1..];
        var whole = Digits(ref text);
        var hasPoint = text is ['.', ..];
        if (hasPoint) text = text[1..];
        var fraction = hasPoint ? Digits(ref text) : default;
        if (whole.IsEmpty && fraction.IsEmpty) return false;
        whole = whole.TrimStart('0');
        result.Append(whole.IsEmpty ? "0" : whole);
        if (!fraction.IsEmpty) result.Append('.').Append(fraction);
        if (text is ['e' or 'E', ..])
        {
            result.Append(text[0]);
            text = text[1..];
            if (text is ['-', ..]) result.Append('-');
            if (text is ['-' or '+', ..]) text = text[1..];
            var exponent = Digits(ref text);
            if (exponent.IsEmpty) return false;
            result.Append(exponent);
        }

        number = result.ToString();
        return text.IsEmpty;
    }

    private static ReadOnlySpan<char> Digits(ref ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        if (count < 0) count = text.Length;
        var digits = text[..count];
        text = text[count..];
        return digits;
    }
}
