using System.Globalization;

namespace Harmony.Jolt.Paths;

/// <summary>Reads paths in dot notation: the right-hand sides of a shift, and what <c>@</c> and <c>^</c> look up.</summary>
internal static class PathParser
{
    /// <summary>Reads a path. An empty one has no steps.</summary>
    /// <exception cref="SpecSyntaxException">It is not a path.</exception>
    public static PathTemplate Parse(string path)
    {
        var plain = Escapes.Strip(path);
        if (plain.AsSpan().ContainsAny('*', '$'))
            throw new SpecSyntaxException($"'{path}' is a path; '*' and '$' belong to keys only (write '\\*', '\\$' for the characters)");
        return new PathTemplate([.. PathScanner.Split(path).Select(ParsePart)]);
    }

    /// <summary>Reads <c>@</c> and what follows it: <c>@2</c>, <c>@name</c>, <c>@(name.first)</c>, <c>@(2,name.first)</c>.</summary>
    public static Lookup ParseLookup(string text)
    {
        var inner = text[1..];
        if (inner is ['(', ..]) inner = inner is [.., ')'] ? inner[1..^1] : throw new SpecSyntaxException($"'{text}' does not close its parenthesis");
        if (inner.Length == 0) throw new SpecSyntaxException($"'{text}' looks nothing up; expected '@name', '@2' or '@(2,name)'");
        if (Escapes.Strip(inner).Contains('@')) throw new SpecSyntaxException($"'{text}' has an '@' inside an '@'");
        if (inner.Contains("[]", StringComparison.Ordinal))
            throw new SpecSyntaxException($"'{text}' looks something up; '[]' only makes sense where a value goes");
        if (!char.IsAsciiDigit(inner[0])) return new Lookup(0, Parse(inner));

        var comma = inner.IndexOf(',', StringComparison.Ordinal);
        var digits = comma < 0 ? inner : inner[..comma];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var level))
            throw new SpecSyntaxException($"'{text}' begins with '{digits}', which is not a level; for a key that begins with a digit write '@(0,{digits})'");
        var path = comma < 0 ? "" : inner[(comma + 1)..].Trim();
        return new Lookup(level, path.Length == 0 ? null : Parse(path));
    }

    private static PathPart ParsePart(string part)
    {
        var plain = Escapes.Strip(part);
        if (part[0] == '[') return ParseIndex(part);
        if (part == "@") throw new SpecSyntaxException("'@' alone is a key only; in a path it needs a name, '@name' or '@(1,name)'");
        if (part[0] == '@') return new LookupPart(ParseLookup(part));
        if (plain.Contains('@')) throw new SpecSyntaxException($"'{part}' has an '@' that is not at its front");
        if (plain.Contains('&')) return new AmpersandPart(AmpersandText.Parse(part));
        if (plain.Contains('#'))
            throw new SpecSyntaxException($"'{part}' has a '#', which a path only knows inside brackets: '[#2]' (write '\\#' for the character)");
        return new NamePart(Escapes.Resolve(part));
    }

    private static PathPart ParseIndex(string part)
    {
        var inner = part[1..^1];
        return inner switch
        {
            "" => new AppendPart(),
            ['&', .. var reference] => new ReferencedIndexPart(Reference.Parse(reference)),
            ['#', .. var level] => new MatchCountPart(Reference.Parse(level).Level),
            ['@', ..] => new LookupIndexPart(ParseLookup(inner)),
            _ when IndexText.TryParse(inner, out var index) => new IndexPart(index),
            _ => throw new SpecSyntaxException($"'{part}' is not an array index; expected '[]', a number from 0, '[&1]', '[#1]' or '[@(1,name)]'"),
        };
    }
}

/// <summary>Cuts a path into its steps: <c>a.b[2].@(1,c.d)</c> into <c>a</c>, <c>b</c>, <c>[2]</c>, <c>@(1,c.d)</c>.</summary>
internal static class PathScanner
{
    /// <summary>The steps, with their backslashes. Empty ones, as in <c>a..b</c>, do not count.</summary>
    public static List<string> Split(string path)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < path.Length;)
        {
            switch (path[i])
            {
                case '\\': i += 2; break;
                case '.': start = i = Cut(parts, path, start, i) + 1; break;
                case '[': start = i = Bracket(parts, path, start, i); break;
                case '@' when i == start: start = i = At(parts, path, i); break;
                default: i++; break;
            }
        }

        Cut(parts, path, start, path.Length);
        return parts;
    }

    private static int Cut(List<string> parts, string path, int start, int end)
    {
        if (end > start) parts.Add(path[start..end]);
        return end;
    }

    private static int Bracket(List<string> parts, string path, int start, int open)
    {
        Cut(parts, path, start, open);
        var end = Closing(path, open, '[', ']');
        if (end < path.Length && path[end] is not ('.' or '['))
            throw new SpecSyntaxException($"'{path}' continues right after ']'; expected '.', '[' or the end");
        return Cut(parts, path, open, end);
    }

    private static int At(List<string> parts, string path, int at)
    {
        var end = at + 1;
        if (end < path.Length && path[end] == '(') end = Closing(path, end, '(', ')');
        else
        {
            while (end < path.Length && path[end] is not ('.' or '[')) end += path[end] == '\\' ? 2 : 1;
            end = Math.Min(end, path.Length);
        }

        return Cut(parts, path, at, end);
    }

    private static int Closing(string path, int start, char open, char close)
    {
        var depth = 0;
        for (var i = start; i < path.Length; i++)
        {
            if (path[i] == '\\') i++;
            else if (path[i] == open) depth++;
            else if (path[i] == close && --depth == 0) return i + 1;
        }

        throw new SpecSyntaxException($"'{path}' has a '{open}' without its '{close}' (write '\\{open}' for the character)");
    }
}

/// <summary>A key or path of a spec cannot be read. Caught where the spec is compiled, which knows file and place.</summary>
internal sealed class SpecSyntaxException(string message) : Exception(message);
