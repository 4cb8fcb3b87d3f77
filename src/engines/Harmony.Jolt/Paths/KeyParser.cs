namespace Harmony.Jolt.Paths;

/// <summary>Reads the left-hand keys of shift and modify.</summary>
internal static class KeyParser
{
    /// <summary>Reads one key, already separated from the others that <c>|</c> joins it with.</summary>
    /// <exception cref="SpecSyntaxException">It is not a key.</exception>
    public static KeyPattern Parse(string key)
    {
        var plain = Escapes.Strip(key); // what is escaped has no say in what kind of key it is
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
        if (resolved.Length == 0) throw new SpecSyntaxException("key '#' lacks the text it stands for: '#text'");
        if (resolved[0] != '(') return new ConstantKey(resolved);
        return resolved[^1] == ')' ? new ConstantKey(resolved[1..^1]) : throw new SpecSyntaxException($"key '{key}' does not close its parenthesis");
    }

    private static IndexKey ParseIndex(string key)
        => key is ['[', .. var inner, ']'] && IndexText.TryParse(inner, out var index)
            ? new IndexKey(index)
            : throw new SpecSyntaxException($"key '{key}' is not an array index; expected '[0]', '[1]', … (write '\\[' for the character)");
}
