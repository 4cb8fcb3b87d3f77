using System.Globalization;
using System.Text;

namespace Harmony.JsonSchema.Values;

/// <summary>Writes a regular expression of ECMA-262 (with its flag <c>u</c>, as JSON Schema §6.4 wants it) as one of .NET.</summary>
internal sealed class PatternTranslation
{
    private const string Surrogates = @"\uD800-\uDFFF";
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]"; // a character beyond the first plane
    private const string LineEnds = @"\n\r\u2028\u2029";
    private const string Spaces = @"\s\uFEFF";

    /// <summary>Names that .NET knows by their short forms only.</summary>
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Lowercase_Letter"] = "Ll", ["Uppercase_Letter"] = "Lu", ["Number"] = "N", ["Decimal_Number"] = "Nd", ["digit"] = "Nd",
        ["Punctuation"] = "P", ["Symbol"] = "S", ["Separator"] = "Z", ["Mark"] = "M", ["Other"] = "C",
    };

    private readonly string _pattern;
    private readonly StringBuilder _result;
    private int _at;

    /// <exception cref="FormatException">The pattern is no expression of ECMA-262, or cannot be translated.</exception>
    public PatternTranslation(string pattern)
    {
        _pattern = pattern;
        _result = new StringBuilder(pattern.Length + 16);
        while (_at < pattern.Length) Next();
    }

    public string Result => _result.ToString();

    private char Current => _pattern[_at];

    private void Next()
    {
        switch (Current)
        {
            case '\\':
                Escape();
                return;
            case '[':
                Class();
                return;
            case '(' when _pattern.AsSpan(_at).StartsWith("(?") && !IsGroupOfEcmaScript:
                throw new FormatException($"'{_pattern[_at..Math.Min(_at + 3, _pattern.Length)]}' begins no group of ECMA-262");
            case '.':
                Except(LineEnds);
                break;
            case '$':
                _result.Append("\\z"); // .NET's $ stands before a last line break too
                break;
            case var c when char.IsHighSurrogate(c) && _at + 1 < _pattern.Length:
                _result.Append("(?:").Append(_pattern, _at++, 2).Append(')'); // what repeats it means both halves
                break;
            default:
                _result.Append(Current);
                break;
        }

        _at++;
    }

    /// <summary>ECMA-262 §22.2.1: groups without capture or with a name, and assertions. No comments, and no options in the middle.</summary>
    private bool IsGroupOfEcmaScript => _pattern.AsSpan(_at) is ['(', '?', ':' or '=' or '!', ..] or ['(', '?', '<', '=' or '!', ..]
        || (_pattern.AsSpan(_at) is ['(', '?', '<', var first, ..] && (char.IsLetter(first) || first is '_' or '$'));

    /// <summary>Any character but those of a class, also one of two units.</summary>
    private void Except(string members) => _result.Append("(?:").Append(Pair).Append("|[^").Append(members).Append(Surrogates).Append("])");

    private void Class()
    {
        var isNegated = _at + 1 < _pattern.Length && _pattern[_at + 1] == '^';
        _at += isNegated ? 2 : 1;
        var members = new StringBuilder();
        var holdsOthers = false; // an escape that stands for what is beyond the first plane as well
        while (_at < _pattern.Length && Current != ']')
        {
            if (char.IsSurrogate(Current)) throw BeyondClass();
            if (Current == '\\') holdsOthers |= ClassEscape(members);
            else members.Append(Current == '[' ? "\\[" : Current.ToString()); // .NET would subtract a class
            _at++;
        }

        if (_at++ >= _pattern.Length) throw new FormatException("a class is not closed: expected ']'");
        if (members.Length == 0) _result.Append(isNegated ? $@"(?:{Pair}|[\s\S])" : @"[^\s\S]");
        else if (isNegated && !holdsOthers) Except(members.ToString());
        else _result.Append(isNegated ? "[^" : "[").Append(members).Append(']');
    }

    /// <summary>Digits, words and spaces are those of ASCII in ECMA-262 (spaces not quite), of Unicode in .NET.</summary>
    private bool ClassEscape(StringBuilder members)
    {
        var letter = Letter();
        var text = letter switch
        {
            'd' => "0-9",
            'D' => @"\x00-/:-\uFFFF",
            'w' => "A-Za-z0-9_",
            'W' => @"\x00-/:-@\[-\^`{-\uFFFF",
            's' => Spaces,
            _ => Plain(letter),
        };
        members.Append(text.StartsWith('(') ? throw BeyondClass() : text);
        return letter is 'D' or 'W' or 'S' or 'P';
    }

    private void Escape()
    {
        var letter = Letter();
        switch (letter)
        {
            case 'd': _result.Append("[0-9]"); break;
            case 'D': Except("0-9"); break;
            case 'w': _result.Append("[A-Za-z0-9_]"); break;
            case 'W': Except("A-Za-z0-9_"); break;
            case 's': _result.Append('[').Append(Spaces).Append(']'); break;
            case 'S': Except(Spaces); break;
            default: _result.Append(Plain(letter)); break;
        }

        _at++;
    }

    /// <summary>The letter behind the backslash.</summary>
    private char Letter() => ++_at < _pattern.Length ? Current : throw new FormatException("it ends with a backslash");

    /// <summary>An escape that means one character, a category, or a reference; leaves the position at its last character.</summary>
    private string Plain(char letter) => letter switch
    {
        'u' when _at + 1 < _pattern.Length && _pattern[_at + 1] == '{' => CodePoint(Braces()),
        'p' or 'P' => $"\\{letter}{{{Category(Braces())}}}",
        'b' or 'B' or 'c' or 'f' or 'k' or 'n' or 'r' or 't' or 'u' or 'v' or 'x' or 'S' => $"\\{letter}",
        _ when char.IsAsciiLetter(letter) => throw new FormatException($"'\\{letter}' is no escape of ECMA-262"),
        '_' => "_", // .NET takes it for a letter here
        _ => $"\\{letter}",
    };

    private string Braces()
    {
        var end = _pattern.IndexOf('}', _at);
        if (end < 0 || _pattern[_at + 1] != '{') throw new FormatException($"'\\{Current}' lacks its braces");
        var inner = _pattern[(_at + 2)..end];
        _at = end;
        return inner;
    }

    private static FormatException BeyondClass() => new("a class cannot hold characters beyond U+FFFF; write them as alternatives");

    private static string Category(string name) => Categories.GetValueOrDefault(name, name);

    private static string CodePoint(string digits)
    {
        var isCharacter = int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value);
        if (!isCharacter) throw new FormatException($"'{digits}' is no character of Unicode");
        var text = new Rune(value).ToString();
        return text.Length == 1 ? $"\\u{value:X4}" : $"(?:\\u{(int)text[0]:X4}\\u{(int)text[1]:X4})";
    }
}
