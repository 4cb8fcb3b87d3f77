namespace Harmony.Jolt.Paths;

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
            throw new SpecSyntaxException($"'{path}' goes on right after ']'; expected '.', '[' or the end");
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
