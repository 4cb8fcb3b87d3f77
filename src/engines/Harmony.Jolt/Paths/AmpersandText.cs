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
