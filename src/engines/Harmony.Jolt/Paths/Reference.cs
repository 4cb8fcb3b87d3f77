using System.Globalization;
using System.Runtime.InteropServices;

namespace Harmony.Jolt.Paths;

/// <summary>What <c>&amp;(level,group)</c>, <c>$(level,group)</c> and <c>#level</c> point to.</summary>
/// <param name="Level">How many levels up the walked path, from 0.</param>
/// <param name="Group">Which <c>*</c> of the key at that level, from 1; 0 for the whole key.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Reference(int Level, int Group)
{
    /// <summary>Reads what follows the <c>&amp;</c>, <c>$</c> or <c>#</c>: nothing, <c>2</c>, <c>(2)</c> or <c>(2,1)</c>.</summary>
    public static Reference Parse(string text)
    {
        if (text.Length == 0) return default;
        var inner = text is ['(', .., ')'] ? text[1..^1] : text;
        var parts = inner.Split(',');
        if (parts.Length > (inner == text ? 1 : 2)) throw Invalid(text);
        return new Reference(Number(parts[0], text), parts.Length == 2 ? Number(parts[1], text) : 0);
    }

    /// <summary>The shortest form that says all, by which two spellings of one reference are known to be the same.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Level},{Group})");

    private static int Number(string digits, string text)
        => int.TryParse(digits.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(text);

    private static SpecSyntaxException Invalid(string text)
        => new($"'{text}' is not a reference; expected nothing, a level like '2' or '(2)', or level and star like '(2,1)'");
}
