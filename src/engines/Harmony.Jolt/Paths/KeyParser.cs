using System.Text;

namespace Harmony.Jolt.Paths;

/// <summary>Reads the left-hand keys of shift and modify.</summary>
internal static class KeyParser
{
    /// <summary>Reads one key, already separated from the others that <c>|</c> joins it with.</summary>
    /// <exception cref="SpecSyntaxException">It is not a key.</exception>
    public static KeyPattern Parse(string key)
    {
        var plain = Escapes.Strip(key); // escaped characters do not decide what kind of key it is
        return plain switch
        {
            "@" when key == "@" => new InputKey(),
            "*" when key == "*" => new AnyKey(),
            ['[', ..] => ParseIndex(key),
            ['#', ..] when key[0] == '#' && !plain.AsSpan().ContainsAny("*&@[") => ParseConstant(key[1..], key),
            ['@', ..] when key[0] == '@' => new LookupKey(PathParser.ParseLookup(key)),
            _ when plain.Contains('@') => throw new SpecSyntaxException($"key '{key}' has an '@' that is not at its front (write '\\@' for the character)"),
            _ when plain.Contains('$') => new NameKey(Reference.Parse(AfterFirst(key, plain, '$'))),
            _ when plain.Contains('[') => throw new SpecSyntaxException($"key '{key}' has a '[' that is not at its front (write '\\[' for the character)"),
            _ when plain.Contains('&') => ParseAmpersand(key, plain),
            _ when plain.Contains('*') => ParseGlob(key),
            _ when plain.Contains('#') => ParseConstant(AfterFirst(key, plain, '#'), key),
            _ => new LiteralKey(Escapes.Resolve(key)),
        };
    }

    /// <summary>Reads a key with at least one <c>*</c> among other characters.</summary>
    public static GlobKey ParseGlob(string key) => new(key, new Glob(Escapes.Split(key, '*').Select(Escapes.Resolve)));

    private static string AfterFirst(string key, string plain, char mark)
        => key[0] == mark && plain[0] == mark
            ? key[1..]
            : throw new SpecSyntaxException($"key '{key}' has a '{mark}' that is not at its front (write '\\{mark}' for the character)");

    private static AmpersandKey ParseAmpersand(string key, string plain)
        => plain.Contains('*')
            ? throw new SpecSyntaxException($"key '{key}' has both '&' and '*'; a key has one or the other")
            : new AmpersandKey(AmpersandText.Parse(key));

    private static ConstantKey ParseConstant(string text, string key)
    {
        var resolved = Escapes.Resolve(text);
        if (resolved.Length == 0) throw new SpecSyntaxException("key '#' has no text; write '#text'");
        if (resolved[0] != '(') return new ConstantKey(resolved);
        return resolved[^1] == ')' ? new ConstantKey(resolved[1..^1]) : throw new SpecSyntaxException($"key '{key}' does not close its parenthesis");
    }

    private static IndexKey ParseIndex(string key)
        => key is ['[', .. var inner, ']'] && IndexText.TryParse(inner, out var index)
            ? new IndexKey(index)
            : throw new SpecSyntaxException($"key '{key}' is not an array index; expected '[0]', '[1]', … (write '\\[' for the character)");
}

/// <summary>One step of a path whose references are resolved: a key of an object, an index of an array, or the end of an array.</summary>
internal readonly record struct PathKey
{
    private PathKey(string? name, int index)
    {
        Name = name;
        Index = index;
    }

    /// <summary>One more value at the end of an array.</summary>
    public static PathKey Append { get; } = new(null, -1);

    /// <summary>The key, or null when the step goes into an array.</summary>
    public string? Name { get; }

    /// <summary>The index; -1 for <see cref="Append"/>.</summary>
    public int Index { get; }

    /// <summary>Whether two steps from one container lead to one place. A value added at the end is at another place each time.</summary>
    public bool LeadsWhere(PathKey other)
        => ReferenceEquals(Name, other.Name) ? Index == other.Index && Index >= 0 : Name is not null && string.Equals(Name, other.Name);

    public static PathKey Of(string name) => new(name, 0);

    public static PathKey Of(int index) => new(null, index);
}

/// <summary>A backslash makes the character after it an ordinary one.</summary>
internal static class Escapes
{
    /// <summary><paramref name="text"/> without its backslashes: <c>\@id</c> becomes <c>@id</c>.</summary>
    public static string Resolve(string text) => Rewrite(text, keepEscaped: true);

    /// <summary><paramref name="text"/> without its escaped characters, to see which special ones are left: <c>\@id*</c> becomes <c>id*</c>.</summary>
    public static string Strip(string text) => Rewrite(text, keepEscaped: false);

    /// <summary>Splits at every <paramref name="separator"/> that is not escaped. The parts keep their backslashes.</summary>
    public static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Rewrite(string text, bool keepEscaped)
    {
        if (!text.Contains('\\')) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') result.Append(text[i]);
            else if (++i < text.Length && keepEscaped) result.Append(text[i]);
        }

        return result.ToString();
    }
}
