namespace Harmony.Core.Configuration.Toml;

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
