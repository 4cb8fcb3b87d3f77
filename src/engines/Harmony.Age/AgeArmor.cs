using System.Text;

namespace Harmony.Age;

/// <summary>Files as text (<c>age -a</c>): strict PEM (RFC 7468 §3) with lines of 64 columns.</summary>
internal static class AgeArmor
{
    private const string Begin = "-----BEGIN AGE ENCRYPTED FILE-----";
    private const string End = "-----END AGE ENCRYPTED FILE-----";
    private const int Columns = 64;

    /// <summary>Whether a file is armored, by its first line; white space in front is passed over.</summary>
    public static bool IsArmored(ReadOnlySpan<byte> file) => file.TrimStart(" \t\r\n"u8).StartsWith("-----BEGIN"u8);

    /// <summary>The binary file within.</summary>
    /// <exception cref="AgeException">The armor is malformed.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> file)
    {
        var lines = Encoding.ASCII.GetString(file.Trim(" \t\r\n"u8)).Split('\n').Select(l => l.EndsWith('\r') ? l[..^1] : l).ToList();
        if (lines.Count < 3 || lines[0] != Begin || lines[^1] != End) throw Malformed();
        var body = lines[1..^1];
        if (body[..^1].Exists(l => l.Length != Columns) || body[^1].Length is 0 or > Columns) throw Malformed();
        var text = string.Concat(body);
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var written)) throw Malformed();
        var decoded = bytes[..written];
        return Convert.ToBase64String(decoded) == text ? decoded : throw Malformed();
    }

    private static AgeException Malformed() => new("the armor of the file is malformed");
}
