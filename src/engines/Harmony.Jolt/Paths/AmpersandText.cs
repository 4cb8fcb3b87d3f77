using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Harmony.Jolt.Paths;

/// <summary>Text with <c>&amp;</c> references in it.</summary>
internal sealed class AmpersandText
{
    private readonly (string Literal, Reference? Reference)[] _pieces;

    private AmpersandText(List<(string Literal, Reference? Reference)> pieces) => _pieces = [.. pieces];

    /// <summary>Every reference in the text.</summary>
    public IEnumerable<Reference> References => _pieces.Where(p => p.Reference is not null).Select(p => p.Reference!.Value);

    /// <summary>Reads text with at least one <c>&amp;</c> that is not escaped.</summary>
    public static AmpersandText Parse(string text)
    {
        var pieces = new List<(string Literal, Reference? Reference)>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) literal.Append(text[++i]);
            else if (text[i] != '&') literal.Append(text[i]);
            else
            {
                var end = EndOfReference(text, i + 1);
                pieces.Add((literal.ToString(), Reference.Parse(text[(i + 1)..end])));
                literal.Clear();
                i = end - 1;
            }
        }

        if (literal.Length > 0) pieces.Add((literal.ToString(), null));
        return new AmpersandText(pieces);
    }

    /// <summary>The text with the keys its references point to; null when one points nowhere.</summary>
    public string? Resolve(Walk walk)
    {
        if (_pieces is [("", { } only)]) return walk.KeyAt(only);
        var text = new StringBuilder();
        foreach (var (literal, reference) in _pieces)
        {
            text.Append(literal);
            if (reference is not { } known) continue;
            if (walk.KeyAt(known) is not { } key) return null;
            text.Append(key);
        }

        return text.ToString();
    }

    public override string ToString()
        => string.Concat(_pieces.Select(p => p.Reference is { } r ? $"{p.Literal}&{r}" : p.Literal));

    private static int EndOfReference(string text, int start)
    {
        if (start < text.Length && text[start] == '(')
        {
            var close = text.IndexOf(')', start);
            return close < 0 ? throw new SpecSyntaxException($"'{text}' opens a parenthesis after '&' and does not close it") : close + 1;
        }

        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end;
    }
}

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

/// <summary>A key made of keys of the walked path: <c>rating-&amp;(1,1)</c>.</summary>
internal sealed class AmpersandPart(AmpersandText text) : PathPart
{
    public override IEnumerable<Reference> References => text.References;

    public override bool TryResolve(Walk walk, out PathKey key)
    {
        var name = text.Resolve(walk);
        key = name is null ? default : PathKey.Of(name);
        return name is not null;
    }

    public override string ToString() => text.ToString();
}

/// <summary>Array indexes as the keys that specs match them by.</summary>
internal static class IndexText
{
    private static readonly string[] Known = [.. Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    public static string Of(int index) => (uint)index < (uint)Known.Length ? Known[index] : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads an index; false for anything but a number from 0.</summary>
    public static bool TryParse(string text, out int index)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index) && index >= 0;
}
