using System.Text;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>Makes strings of the names and values of field lines, and keeps them: the same line mostly comes again in the next answer on a connection.</summary>
internal sealed class FieldStrings
{
    private const int Lines = 24;
    private const int MaxLength = 128;

    private readonly string?[] _names = new string?[Lines];
    private readonly string?[] _values = new string?[Lines];

    /// <summary>The name on a line of an answer.</summary>
    public string Name(int line, ReadOnlySpan<byte> bytes) => Of(_names, line, bytes);

    /// <summary>The value on a line of an answer.</summary>
    public string Value(int line, ReadOnlySpan<byte> bytes) => Of(_values, line, bytes);

    private static string Of(string?[] known, int line, ReadOnlySpan<byte> bytes)
    {
        if (line >= Lines || bytes.Length > MaxLength) return Encoding.Latin1.GetString(bytes);
        if (known[line] is { } last && last.Length == bytes.Length && Ascii.Equals(bytes, last)) return last;
        return known[line] = Encoding.Latin1.GetString(bytes);
    }
}
