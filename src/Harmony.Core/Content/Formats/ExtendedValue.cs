using System.Text;

namespace Harmony.Core.Content.Formats;

/// <summary>Values such as <c>UTF-8'de'M%C3%BCller.pdf</c> (RFC 8187 §3.2), which RFC 7578 §4.2 forbids in forms and older clients send all the same.</summary>
internal static class ExtendedValue
{
    /// <summary>The text; where the value breaks the form the value itself, so that a file stays a file. Null for null.</summary>
    public static string? Decode(string? value)
    {
        if (value is null) return null;
        var parts = value.Split('\'', 3);
        if (parts.Length < 3 || parts[0].ToLowerInvariant() is not ("utf-8" or "iso-8859-1")) return value;
        try
        {
            return Charsets.Decode(Bytes(parts[2]), parts[0].ToLowerInvariant());
        }
        catch (ContentException)
        {
            return value;
        }
    }

    private static byte[] Bytes(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                bytes.Add(Convert.ToByte(encoded.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(encoded, i, 1));
            }
        }

        return [.. bytes];
    }
}
