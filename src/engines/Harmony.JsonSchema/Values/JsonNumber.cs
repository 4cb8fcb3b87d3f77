using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Harmony.JsonSchema.Values;

/// <summary>
/// A JSON number by its decimal digits, so that nothing is rounded and <c>1</c>, <c>1.0</c> and <c>10e-1</c> are equal. The value is 0.DIGITS
/// times ten to the power of <see cref="Magnitude"/>. Costs grow with the text of a number, not with its exponent: <c>1e999999999</c> is cheap.
/// </summary>
internal readonly struct JsonNumber : IEquatable<JsonNumber>
{
    private const long MaxExponent = long.MaxValue / 4;

    private readonly bool _isNegative;
    private readonly string _digits; // neither leading nor trailing zeros; empty for zero

    private JsonNumber(bool isNegative, string digits, long magnitude)
    {
        _isNegative = isNegative && digits.Length > 0;
        _digits = digits;
        Magnitude = digits.Length == 0 ? 0 : magnitude;
    }

    /// <summary>Places before the decimal point; negative for zeros behind it.</summary>
    public long Magnitude { get; }

    /// <summary>Whether there is nothing behind the decimal point: <c>1.0</c> is an integer (JSON Schema §6.1.1).</summary>
    public bool IsInteger => Magnitude >= _digits.Length;

    /// <summary>Greater than, less than or equal to zero.</summary>
    public int Sign => _digits.Length == 0 ? 0 : _isNegative ? -1 : 1;

    /// <summary>Reads a number of a document.</summary>
    public static JsonNumber Of(JsonNode number) => Parse(number.ToJsonString());

    /// <summary>Reads the text of a number as JSON has it.</summary>
    public static JsonNumber Parse(ReadOnlySpan<char> text)
    {
        var isNegative = text[0] == '-';
        if (isNegative) text = text[1..];
        var mark = text.IndexOfAny('e', 'E');
        var exponent = mark < 0 ? 0 : Exponent(text[(mark + 1)..]);
        if (mark >= 0) text = text[..mark];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var digits = point < 0 ? text.ToString() : string.Concat(whole, text[(point + 1)..]);
        var significant = digits.AsSpan().TrimStart('0');
        var magnitude = whole.Length - (digits.Length - significant.Length) + exponent;
        return new JsonNumber(isNegative, significant.TrimEnd('0').ToString(), magnitude);
    }

    /// <summary>Whether the number is a whole multiple of <paramref name="divisor"/>, which is greater than zero.</summary>
    public bool IsMultipleOf(JsonNumber divisor)
    {
        if (_digits.Length == 0) return true;
        // Both as integers of their digits, times a power of ten each.
        var shift = Magnitude - _digits.Length - (divisor.Magnitude - divisor._digits.Length);
        if (shift < 0) return false; // no trailing zeros here, so it cannot be divided by a power of ten
        var modulus = BigInteger.Parse(divisor._digits, CultureInfo.InvariantCulture);
        return (Remainder(_digits, modulus) * BigInteger.ModPow(10, shift, modulus) % modulus).IsZero;
    }

    /// <summary>Greater than, less than or equal to zero as <paramref name="left"/> is greater than, less than or equal to <paramref name="right"/>.</summary>
    public static int Compare(JsonNumber left, JsonNumber right)
    {
        if (left.Sign != right.Sign) return left.Sign.CompareTo(right.Sign);
        var bySize = left.Magnitude != right.Magnitude
            ? left.Magnitude.CompareTo(right.Magnitude)
            : Math.Sign(string.CompareOrdinal(left._digits, right._digits));
        return left._isNegative ? -bySize : bySize;
    }

    public bool Equals(JsonNumber other) => Compare(this, other) == 0;

    public override bool Equals(object? obj) => obj is JsonNumber other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_isNegative, _digits, Magnitude);

    private static long Exponent(ReadOnlySpan<char> text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
            return Math.Clamp(exponent, -MaxExponent, MaxExponent);
        return text[0] == '-' ? -MaxExponent : MaxExponent;
    }

    private static BigInteger Remainder(string digits, BigInteger modulus)
    {
        const int step = 18;
        var rest = BigInteger.Zero;
        for (var i = 0; i < digits.Length; i += step)
        {
            var part = digits.AsSpan(i, Math.Min(step, digits.Length - i));
            rest = (rest * BigInteger.Pow(10, part.Length) + long.Parse(part, CultureInfo.InvariantCulture)) % modulus;
        }

        return rest;
    }
}
