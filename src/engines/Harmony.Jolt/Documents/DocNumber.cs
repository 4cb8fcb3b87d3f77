using System.Globalization;
using System.Numerics;

namespace Harmony.Jolt.Documents;

/// <summary>A number to reckon with: an integer of any length when its text has neither fraction nor exponent, else a double.</summary>
internal readonly record struct DocNumber
{
    private const int MaxDigits = 1_000; // reading an integer takes quadratic time

    private const long MaxExact = 1L << 53; // up to here every integer is a double

    private readonly BigInteger? _integer;

    public DocNumber(BigInteger integer)
    {
        _integer = integer;
        Double = Nearest(integer);
    }

    public DocNumber(double value) => Double = value;

    /// <summary>The integer, or null when it has a fraction or exponent.</summary>
    public BigInteger? Integer => _integer;

    /// <summary>The nearest double.</summary>
    public double Double { get; }

    /// <summary>What is left of it without its fraction.</summary>
    public BigInteger Truncated => _integer ?? new BigInteger(Double);

    public static DocNumber Of(int value) => new((BigInteger)value);

    /// <summary>The conversion of <see cref="BigInteger"/> cuts bits off; reading its digits rounds to the nearest double, halves to even.</summary>
    private static double Nearest(BigInteger integer)
        => integer >= -MaxExact && integer <= MaxExact
            ? (double)integer
            : double.Parse(integer.ToString(CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>Which of two is larger.</summary>
    public static int Compare(DocNumber a, DocNumber b)
        => a._integer is { } x && b._integer is { } y ? x.CompareTo(y) : a.Double.CompareTo(b.Double);

    /// <summary>Reads a number, or a string that holds one.</summary>
    public static bool TryRead(DocValue value, out DocNumber number)
    {
        number = default;
        return value.Kind is DocKind.Number or DocKind.String && TryParse(value.GetText(), out number);
    }

    /// <summary>Reads <c>12</c>, <c>+012</c>, <c>-1.5</c>, <c>.5</c>, <c>1e3</c>; nothing infinite.</summary>
    public static bool TryParse(string text, out DocNumber number)
    {
        number = default;
        if (text.Length <= MaxDigits && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            number = new DocNumber(integer);
            return true;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) || !double.IsFinite(real)) return false;
        number = new DocNumber(real);
        return true;
    }

    /// <summary>Whether <paramref name="text"/> is a number as JSON writes it.</summary>
    public static bool IsJson(ReadOnlySpan<char> text)
    {
        if (text is ['-', .. var positive]) text = positive;
        var digits = CountDigits(text);
        if (digits == 0 || (digits > 1 && text[0] == '0')) return false;
        text = text[digits..];
        if (text is ['.', .. var fraction])
        {
            digits = CountDigits(fraction);
            if (digits == 0) return false;
            text = fraction[digits..];
        }

        if (text is not ['e' or 'E', .. var exponent]) return text.IsEmpty;
        if (exponent is ['+' or '-', .. var unsigned]) exponent = unsigned;
        return exponent.Length > 0 && CountDigits(exponent) == exponent.Length;
    }

    public DocValue ToValue()
        => DocValue.Number(_integer is { } i ? i.ToString(CultureInfo.InvariantCulture) : DoubleText.Of(Double));

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
