using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Core.Content.Formats;

/// <summary><c>application/x-www-form-urlencoded</c> to an object of strings and arrays of strings (<see cref="FormFields"/>).</summary>
internal static class FormContentReader
{
    /// <exception cref="ContentException">There are too many fields, or the bytes are not of the charset.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> bytes, string? charset, ContentLimitsSection limits)
    {
        var fields = new FormFields(limits);
        foreach (var range in bytes.Split((byte)'&'))
        {
            var pair = bytes[range];
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf((byte)'=');
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            fields.Add(Decode(name, charset), Decode(value, charset));
        }

        return fields.Values;
    }

    /// <summary>A plus is a space; a percent sign without two digits behind it is itself, as browsers have it.</summary>
    private static string Decode(ReadOnlySpan<byte> encoded, string? charset)
    {
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var value = encoded[i];
            if (value == '+') value = (byte)' ';
            else if (value == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit((char)encoded[i + 1]) && char.IsAsciiHexDigit((char)encoded[i + 2]))
            {
                value = byte.Parse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }

            decoded[length++] = value;
        }

        return Charsets.Decode(decoded.AsSpan(0, length), charset);
    }
}
