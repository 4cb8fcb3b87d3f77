using System.Globalization;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads integers and floats.</summary>
internal static class TomlNumbers
{
    /// <returns>Null when <paramref name="token"/> is no number; then <paramref name="problem"/> says why if it was meant to be one.</returns>
    public static TomlValue? Read(string token, SourceLocation location, out string? problem)
    {
        problem = null;
        if (IsInteger(token))
        {
            if (TryParseInteger(token, out var integer)) return new TomlInteger(integer, location);
            problem = $"{TomlFound.Quote(token)} does not fit into a 64-bit integer";
            return null;
        }

        if (TryParseFloat(token, out var number)) return new TomlFloat(number, location);
        problem = TomlNumberHints.For(token);
        return null;
    }

    /// <summary>Whether <paramref name="token"/> is written as a number, whatever its size.</summary>
    public static bool IsNumber(string token) => IsInteger(token) || TryParseFloat(token, out _);

    private static bool IsInteger(ReadOnlySpan<char> token) => token switch
    {
        ['0', 'x', .. var digits] => IsDigits(digits, 16),
        ['0', 'o', .. var digits] => IsDigits(digits, 8),
        ['0', 'b', .. var digits] => IsDigits(digits, 2),
        ['+' or '-', .. var digits] => IsDecimal(digits),
        _ => IsDecimal(token),
    };

    private static bool IsDecimal(ReadOnlySpan<char> digits) => IsDigits(digits, 10) && (digits[0] != '0' || digits.Length == 1);

    /// <summary>Digits with underscores only between them.</summary>
    private static bool IsDigits(ReadOnlySpan<char> text, int radix)
    {
        var afterDigit = false;
        foreach (var c in text)
        {
            if (c == '_' && !afterDigit) return false;
            if (c != '_' && (!char.IsAsciiHexDigit(c) || DigitValue(c) >= radix)) return false;
            afterDigit = c != '_';
        }

        return afterDigit;
    }

    private static int DigitValue(char c) => char.IsAsciiDigit(c) ? c - '0' : char.ToLowerInvariant(c) - 'a' + 10;

    private static bool TryParseInteger(string token, out long value)
    {
        var digits = token.Replace("_", "", StringComparison.Ordinal);
        var radix = digits is ['0', var prefix, ..] ? prefix switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 } : 10;
        if (radix == 10) return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        value = 0;
        foreach (var c in digits.AsSpan(2))
        {
            var digit = DigitValue(c);
            if (value > (long.MaxValue - digit) / radix) return false;
            value = (value * radix) + digit;
        }

        return true;
    }

    private static bool TryParseFloat(string token, out double value)
    {
        var unsigned = token.AsSpan(token is ['+' or '-', ..] ? 1 : 0);
        if (unsigned is "inf" or "nan")
        {
            value = unsigned is "nan" ? double.NaN : token[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        value = 0;
        var exponent = unsigned.IndexOfAny('e', 'E');
        var mantissa = exponent < 0 ? unsigned : unsigned[..exponent];
        if (exponent >= 0 && !IsDigits(WithoutSign(unsigned[(exponent + 1)..]), 10)) return false;
        var point = mantissa.IndexOf('.');
        if (!IsDecimal(point < 0 ? mantissa : mantissa[..point])) return false;
        if (point >= 0 && !IsDigits(mantissa[(point + 1)..], 10)) return false;
        return double.TryParse(token.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static ReadOnlySpan<char> WithoutSign(ReadOnlySpan<char> text) => text is ['+' or '-', .. var rest] ? rest : text;
}

/// <summary>Tells what is wrong with a number by mending it: if it is one afterwards, that was it.</summary>
internal static class TomlNumberHints
{
    /// <returns>Null when <paramref name="token"/> does not come near a number.</returns>
    public static string? For(string token)
    {
        if (token.Length is 0 or > 64) return null;
        var sign = token[0] is '+' or '-' ? token[..1] : "";
        var digits = token[sign.Length..];
        if (digits.Length == 0) return null;
        return Mended(token, token.Replace("_", "", StringComparison.Ordinal), "underscores stand only between digits")
            ?? (digits.StartsWith('0') ? ForLeadingZero(token, sign, digits) : null)
            ?? Mended(token, sign + "0" + digits, "a float needs a digit before the point")
            ?? Mended(token, token.Replace(".e", ".0e", StringComparison.OrdinalIgnoreCase), "a float needs a digit after the point")
            ?? Mended(token, token + "0", token.EndsWith('.') ? "a float needs a digit after the point" : "an exponent needs digits");
    }

    private static string? Mended(string token, string mended, string reason) =>
        mended != token && TomlNumbers.IsNumber(mended) ? $"{TomlFound.Quote(token)} is not a number, {reason}: write {mended}" : null;

    private static string WithoutLeadingZeros(string digits)
    {
        var rest = digits.TrimStart('0');
        return rest.Length > 0 && char.IsAsciiDigit(rest[0]) ? rest : "0" + rest;
    }

    private static string? ForLeadingZero(string token, string sign, string digits) =>
        Mended(token, sign + WithoutLeadingZeros(digits), "a number has no leading zeros")
        ?? Mended(token, digits, "a hexadecimal, octal or binary integer has no sign")
        ?? Mended(token, token.ToLowerInvariant(), "the prefix of the base is lower case")
        ?? token switch
        {
            ['0', 'x', ..] => $"{TomlFound.Quote(token)} is not a hexadecimal integer",
            ['0', 'o', ..] => $"{TomlFound.Quote(token)} is not an octal integer",
            ['0', 'b', ..] => $"{TomlFound.Quote(token)} is not a binary integer",
            _ => null,
        };
}
