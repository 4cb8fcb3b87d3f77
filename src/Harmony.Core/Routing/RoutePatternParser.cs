using System.Collections.Immutable;
using System.Text;

namespace Harmony.Core.Routing;

/// <summary>Reads the text of one <see cref="RoutePattern"/> from left to right.</summary>
internal sealed class RoutePatternParser(string text)
{
    private readonly ImmutableArray<RouteSegment>.Builder _segments = ImmutableArray.CreateBuilder<RouteSegment>();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly StringBuilder _literal = new();
    private RouteSegmentKind _kind;
    private string _prefix = "";
    private int _segmentStart;
    private int _at;

    /// <summary>Why <see cref="TryParse"/> answered false.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the whole text.</summary>
    public bool TryParse(out ImmutableArray<RouteSegment> segments)
    {
        segments = default;
        if (!text.StartsWith('/')) return Fail("a pattern starts with '/'");
        for (_at = 1, _segmentStart = 1; _at < text.Length;)
        {
            if (!TryReadNext()) return false;
        }

        if (!TryEndSegment(isLast: true)) return false;
        segments = _segments.ToImmutable();
        return true;
    }

    private bool TryReadNext() => text[_at] switch
    {
        '/' => TryEndSegment(isLast: false),
        '{' when IsDoubled => AppendLiteral(2),
        '{' => TryReadParameter(),
        '}' when IsDoubled => AppendLiteral(2),
        '}' => Fail($"'}}' at column {_at + 1} closes nothing; a brace as such is written '}}}}'"),
        '*' => TryReadWildcard(),
        '?' or '#' => Fail($"'{text[_at]}' at column {_at + 1}: a pattern matches the path only"),
        _ => AppendLiteral(1),
    };

    private bool IsDoubled => _at + 1 < text.Length && text[_at + 1] == text[_at];

    private bool AppendLiteral(int charsRead)
    {
        _literal.Append(text[_at]);
        _at += charsRead;
        return true;
    }

    private bool TryReadParameter()
    {
        var column = _at + 1;
        var close = text.AsSpan(_at).IndexOfAny('}', '/');
        if (close < 0 || text[_at + close] == '/') return Fail($"unclosed '{{' at column {column}; a brace as such is written '{{{{'");

        var isCatchAll = text[_at + 1] == '*';
        var name = text[(_at + (isCatchAll ? 2 : 1))..(_at + close)];
        if (!TryAddName(name, column)) return false;
        _at += close + 1;
        if (isCatchAll && _at < text.Length) return Fail($"catch-all '{{*{name}}}' at column {column} must be the end of the pattern");
        return TryBeginParameter(isCatchAll ? RouteSegmentKind.CatchAll : RouteSegmentKind.Parameter, column);
    }

    private bool TryAddName(string name, int column)
    {
        if (name.Length == 0) return Fail($"the parameter at column {column} has no name");
        if (!name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.'))
            return Fail($"the parameter at column {column} is named '{name}'; a name has letters, digits, '_', '-' and '.'");
        return _names.Add(name) || Fail($"the parameter at column {column} repeats the name '{name}'");
    }

    private bool TryReadWildcard()
    {
        var column = ++_at;
        // A star between two slashes is one segment without a name, as in Caddy's patterns.
        if (_at < text.Length && text[_at] == '/' && _segmentStart == column - 1) return TryBeginParameter(RouteSegmentKind.Parameter, column);
        if (_at < text.Length)
        {
            return Fail(
                $"'*' at column {column} must be a whole segment or the end of the pattern; for a part of a segment write '{{name}}', for the character '%2A'");
        }

        return TryBeginParameter(_literal.Length == 0 ? RouteSegmentKind.CatchAll : RouteSegmentKind.Wildcard, column);
    }

    private bool TryBeginParameter(RouteSegmentKind kind, int column)
    {
        if (_kind != RouteSegmentKind.Literal) return Fail($"the parameter at column {column} is the second in its segment; a segment has room for one");
        _kind = kind;
        return TryTakeLiteral(out _prefix);
    }

    private bool TryEndSegment(bool isLast)
    {
        if (!TryTakeLiteral(out var literal)) return false;
        if (_kind == RouteSegmentKind.Literal)
        {
            if (literal is "." or ".." || PathSegments.HidesDots(literal))
                return Fail($"the segment at column {_segmentStart + 1} can never match: requests with dot segments are resolved or refused first");
            // Repeated slashes are one in a canonical path, so they are one here.
            if (literal.Length > 0 || isLast) _segments.Add(new RouteSegment(_kind, literal));
        }
        else _segments.Add(new RouteSegment(_kind, _prefix, literal));

        _kind = RouteSegmentKind.Literal;
        _segmentStart = ++_at;
        return true;
    }

    private bool TryTakeLiteral(out string literal)
    {
        var raw = _literal.ToString();
        _literal.Clear();
        var normalizer = new EscapeNormalizer(new char[EscapeNormalizer.MaxLength(raw)]);
        var valid = normalizer.TryAppend(raw);
        literal = valid ? ComparablePath.Of(normalizer.Written) : "";
        return valid || Fail($"the segment at column {_segmentStart + 1} can never match: {normalizer.Reason}");
    }

    private bool Fail(string error)
    {
        Error = error;
        return false;
    }
}
