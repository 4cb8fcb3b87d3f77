using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Harmony.Data.Middleware.LogDump;

/// <summary>The text of one dump, cut to a number of bytes.</summary>
internal static class Dump
{
    /// <param name="maxBytes">Bytes of UTF-8 that are kept.</param>
    /// <param name="options">How JSON is written.</param>
    /// <param name="write">Writes the members of the one object.</param>
    public static string Write(int maxBytes, JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        var bytes = buffer.WrittenSpan;
        if (bytes.Length <= maxBytes) return Encoding.UTF8.GetString(bytes);
        var end = maxBytes;
        while ((bytes[end] & 0xC0) == 0x80) end--; // not in the middle of a character
        return $"{Encoding.UTF8.GetString(bytes[..end])}… ({bytes.Length - end} more bytes)";
    }
}
