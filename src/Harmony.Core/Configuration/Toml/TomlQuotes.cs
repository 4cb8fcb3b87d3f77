namespace Harmony.Core.Configuration.Toml;

/// <summary>Finds the end of a quoted string without reading it.</summary>
internal static class TomlQuotes
{
    /// <summary>Finds the position behind the string that starts at <paramref name="start"/>: the end of the line when it is not closed there.</summary>
    public static bool TryFindEnd(ReadOnlySpan<char> line, int start, out int end)
    {
        var quote = line[start];
        for (var i = start + 1; i < line.Length; i++)
        {
            if (line[i] == quote)
            {
                end = i + 1;
                return true;
            }

            if (line[i] == '\\' && quote == '"') i++;
        }

        end = line.Length;
        return false;
    }
}
