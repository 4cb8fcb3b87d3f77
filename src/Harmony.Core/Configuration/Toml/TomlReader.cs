using System.Buffers;
using System.Text.Unicode;
using System.Text;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads TOML 1.0.</summary>
public static class TomlReader
{
    /// <summary>
    /// Reads a document. Bad input never throws: every mistake goes to <paramref name="problems"/>, at most
    /// 20 of them and one per line, and reading goes on with the next statement.
    /// </summary>
    /// <param name="utf8">The bytes of the file.</param>
    /// <param name="file">The file as the user would name it; becomes part of every location.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="options">The accepted extensions; plain TOML 1.0 when absent.</param>
    /// <returns>What could be read. Complete only when nothing was added to <paramref name="problems"/>.</returns>
    public static TomlTable Read(ReadOnlySpan<byte> utf8, string file, ConfigProblems problems, TomlReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(problems);
        var errors = new TomlErrors(problems);
        var root = new TomlTable(new SourceLocation(file, 0, 0), TomlTableOrigin.Header);
        var text = TomlDecoder.Decode(utf8, file, errors);
        if (text is not null && TomlHints.ForOtherFormat(text) is { } format)
        {
            errors.Report(
                new SourceLocation(file, format.Line, 1), $"this looks like {format.Name}; a configuration is written in TOML, as docs/configuration.md shows");
        }
        else if (text is not null) new TomlDocumentReader(new TomlCursor(text, file), errors, options ?? new TomlReaderOptions(), root).Read();
        return root;
    }
}

/// <summary>What <see cref="TomlReader"/> accepts.</summary>
public sealed record TomlReaderOptions
{
    /// <summary>Whether an unquoted value may start with <c>$</c> and is then read as a <see cref="TomlVariable"/>. Off: TOML 1.0 and nothing else.</summary>
    public bool AllowVariables { get; init; }

    /// <summary>How many arrays and tables may stand inside one another, by brackets or by dotted keys. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;
}

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

        if (utf8[..Math.Min(utf8.Length, 1024)].Count((byte)0) > 8)
        {
            errors.Report(new SourceLocation(file, 1, 1), "the file is not text: name a TOML file");
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

/// <summary>
/// Hands the mistakes of one file on, but no echoes: one line is reported once, because whatever else seems wrong with it
/// is mostly a consequence, and a file that is no TOML at all does not flood its reader.
/// </summary>
internal sealed class TomlErrors(ConfigProblems problems)
{
    /// <summary>How many mistakes of one file are reported.</summary>
    public const int Limit = 20;

    private readonly HashSet<int> _silentLines = [];
    private int _reported;

    /// <summary>Whether reading on is pointless.</summary>
    public bool IsFull => _reported >= Limit;

    /// <summary>Whether a mistake on <paramref name="line"/> would be reported: ask before working out a costly message.</summary>
    public bool Wants(int line) => !IsFull && !_silentLines.Contains(line);

    /// <summary>Whether what is being read may be a secret, which no message may repeat.</summary>
    public bool IsSecret { get; private set; }

    /// <summary>Reports a mistake unless its line had one.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="unshown">
    /// The same without the text of the file, where <paramref name="message"/> repeats some: said instead of it of what may be a secret.
    /// </param>
    public void Report(SourceLocation location, string message, string? unshown = null)
    {
        if (!Wants(location.Line)) return;
        _silentLines.Add(location.Line);
        problems.Error(location, IsSecret && unshown is not null ? unshown : message);
        _reported++;
        if (IsFull) problems.Error(location with { Column = 0 }, $"that makes {Limit} mistakes; mistakes below this line are not shown");
    }

    /// <summary>Keeps what follows out of messages if a key of that path may hold a secret.</summary>
    /// <returns>Whether that was so before; for <see cref="Leave"/>.</returns>
    public bool Enter(IEnumerable<string> path)
    {
        var before = IsSecret;
        IsSecret |= path.Any(SensitiveNames.MayHoldSecret);
        return before;
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    public void Leave(bool before) => IsSecret = before;

    /// <summary>Keeps quiet about <paramref name="line"/> from now on: it is known to be broken.</summary>
    public void Silence(int line) => _silentLines.Add(line);
}
