using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Turns the bytes of a file into text.</summary>
internal static class TomlDecoder
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>The text without its byte order mark, bad bytes replaced; null when it is so clearly another encoding that reading it is pointless.</returns>
    public static string? Decode(ReadOnlySpan<byte> utf8, string file, TomlErrors errors)
    {
        if (IsUtf16(utf8))
        {
            errors.Report(new SourceLocation(file, 1, 1), "the file is UTF-16: save it as UTF-8");
            return null;
        }

        if (utf8.StartsWith(ByteOrderMark)) utf8 = utf8[ByteOrderMark.Length..];
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : Repair(utf8, file, errors);
    }

    private static bool IsUtf16(ReadOnlySpan<byte> bytes) => bytes.Length >= 2 && bytes[..2] switch
    {
        [0xFF, 0xFE] or [0xFE, 0xFF] => true,
        [0, not 0] or [not 0, 0] => true, // no byte order mark, but no TOML file has a NUL there
        _ => false,
    };

    /// <summary>
    /// Replaces bad bytes by U+FFFD. The first is reported, the others are the same mistake: a file of another encoding.
    /// The rest of the file can still be checked, only the lines with replaced bytes cannot.
    /// </summary>
    private static string Repair(ReadOnlySpan<byte> utf8, string file, TomlErrors errors)
    {
        var text = new StringBuilder(utf8.Length);
        var (line, column, reported) = (1, 1, false);
        while (!utf8.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            if (status != OperationStatus.Done)
            {
                if (!reported) errors.Report(new SourceLocation(file, line, column), $"byte 0x{utf8[0]:X2} is not valid UTF-8: save the file as UTF-8");
                errors.Silence(line);
                reported = true;
            }

            text.Append(rune.ToString());
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            utf8 = utf8[length..];
        }

        return text.ToString();
    }
}
