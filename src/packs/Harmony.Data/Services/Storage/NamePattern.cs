using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Storage;

namespace Harmony.Data.Services.Storage;

/// <summary>A pattern of names, <c>{PatientID}/{uuid}.dcm</c>, compiled when the configuration is loaded.</summary>
internal sealed class NamePattern
{
    /// <summary>Placeholders whose value is a path: its slashes stay slashes, and each of its segments is made safe by itself.</summary>
    private static readonly string[] Paths = ["path", "full_path", "storedPath"];

    private readonly Part[] _parts;

    private NamePattern(string text, Part[] parts) => (Text, _parts) = (text, parts);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The names of its placeholders.</summary>
    public IEnumerable<string> Placeholders => _parts.Where(p => p.IsPlaceholder).Select(p => p.Text);

    /// <summary>Whether it ends with the path of a request, so that the beginning of one names a folder.</summary>
    public bool EndsWithPath => _parts is [.., { IsPlaceholder: true, Text: "path" or "full_path" }];

    /// <summary>Compiles a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="pattern">What became of it.</param>
    /// <param name="error">What is wrong with it, to go on after "is not a pattern: ".</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NamePattern? pattern, [NotNullWhen(false)] out string? error)
    {
        pattern = null;
        var parts = new List<Part>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var literal = open < 0 ? text[at..] : text[at..open];
            if (literal.Contains('}', StringComparison.Ordinal)) return Fail("there is a } without a {", out error);
            if (literal.Length > 0) parts.Add(new Part(literal, IsPlaceholder: false));
            if (open < 0) break;
            var close = text.IndexOf('}', open);
            if (close < 0) return Fail("there is a { without a }", out error);
            if (close == open + 1 || text.IndexOf('{', open + 1, close - open - 1) >= 0) return Fail("expected a name between { and }", out error);
            parts.Add(new Part(text[(open + 1)..close], IsPlaceholder: true));
            at = close + 1;
        }

        var candidate = new NamePattern(text, [.. parts]);
        // Values never lead elsewhere; whether the literals do shows with any value.
        if (!candidate.TryResolve(_ => "x", out _))
        {
            return Fail("it must be relative, without segments that are empty or begin with a dot, and without backslash, colon and control characters",
                out error);
        }

        (pattern, error) = (candidate, null);
        return true;
    }

    /// <summary>The name for the values of a request.</summary>
    /// <param name="valueOf">The value of a placeholder; null where there is none.</param>
    /// <param name="name">The name.</param>
    /// <returns>False when a value that is a path has too many segments.</returns>
    public bool TryResolve(Func<string, string?> valueOf, [NotNullWhen(true)] out ObjectName? name)
        => ObjectName.TryParse(string.Join('/', Fill(valueOf, AppendPath).Split('/').Select(SafeText.Segment)), out name);

    /// <summary>
    /// The name for values of which a path is the name of an object already, as a response to a write gives it: <c>a%20b~2.dcm</c>. Only for reading, and
    /// only where <see cref="TryResolve"/> has named nothing.
    /// </summary>
    /// <returns>False where there is no such path.</returns>
    public bool TryResolveStored(Func<string, string?> valueOf, [NotNullWhen(true)] out ObjectName? name)
    {
        var isName = true;
        var text = Fill(valueOf, (result, path) =>
        {
            var stored = Uri.UnescapeDataString(path).Trim('/');
            isName &= stored.Split('/').All(SafeText.IsEncoded);
            result.Append(stored);
        });
        name = null;
        return isName && _parts.Any(IsPath) && ObjectName.TryParse(text, out name);
    }

    /// <summary>What the names of all objects below a path begin with; for a pattern that <see cref="EndsWithPath"/>.</summary>
    public string Prefix(Func<string, string?> valueOf)
    {
        var text = Fill(valueOf, (result, path) =>
        {
            if (path.Trim('/').Length == 0) return;
            AppendPath(result, path);
            result.Append('/');
        });
        return string.Join('/', text.Split('/').Select(s => s.Length == 0 ? s : SafeText.Segment(s)));
    }

    private string Fill(Func<string, string?> valueOf, Action<StringBuilder, string> appendPath)
    {
        var result = new StringBuilder();
        foreach (var part in _parts)
        {
            if (!part.IsPlaceholder) result.Append(part.Text);
            else if (IsPath(part)) appendPath(result, valueOf(part.Text) ?? "");
            else result.Append(SafeText.Encode(valueOf(part.Text) ?? ""));
        }

        return result.ToString();
    }

    private static bool IsPath(Part part) => part.IsPlaceholder && Paths.Contains(part.Text, StringComparer.Ordinal);

    private static void AppendPath(StringBuilder result, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0) result.Append(SafeText.Encode(""));
        // Paths of requests are percent-encoded; a slash that comes out of it is a character like others.
        result.AppendJoin('/', segments.Select(s => SafeText.Encode(Uri.UnescapeDataString(s))));
    }

    private static bool Fail(string reason, out string error)
    {
        error = reason;
        return false;
    }

    private readonly record struct Part(string Text, bool IsPlaceholder);
}

/// <summary>
/// Values from outside as parts of names. Whatever they hold, they stay what they are put into: a part of one segment. Different values stay
/// different: what is not a letter or digit of ASCII or one of <c>- _ . + = @ ,</c> is written as <c>%XX</c>.
/// </summary>
internal static class SafeText
{
    /// <summary>Stands for a value that is missing or empty.</summary>
    private const string Nothing = "_";

    private const string Allowed = "-_.+=@,";
    private const int KeptOfLong = 160;
    private const int HashDigits = 32;

    private static readonly string[] Reserved = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>A value as a part of a segment.</summary>
    public static string Encode(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty) return Nothing;
        var result = new StringBuilder(value.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        var index = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            var isEdge = index == 0 || index + rune.Utf16SequenceLength >= value.Length;
            index += rune.Utf16SequenceLength;
            if (IsPlain(rune) && !(isEdge && rune.Value == '.')) result.Append((char)rune.Value);
            else foreach (var b in utf8[..rune.EncodeToUtf8(utf8)]) result.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }

    /// <summary>Whether a segment holds only what encoded values, and versions of names, hold.</summary>
    public static bool IsEncoded(string segment)
        => segment.Length > 0 && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '%' or '~' || Allowed.Contains(c, StringComparison.Ordinal));

    /// <summary>A whole segment, made of literals and encoded values, as file systems take it: not too long, and no device of Windows.</summary>
    public static string Segment(string segment)
    {
        if (IsReserved(segment)) segment = $"%{(int)segment[0]:X2}{segment[1..]}";
        return segment.Length <= ObjectName.MaxSegmentBytes ? segment : Shortened(segment);
    }

    /// <summary>The beginning, a hash of the whole, and the extension. No encoded value has a <c>~</c> in it.</summary>
    private static string Shortened(string segment)
    {
        var dot = segment.LastIndexOf('.');
        var extension = dot >= 0 && segment.Length - dot <= 16 ? segment[dot..] : "";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(segment)))[..HashDigits];
        return $"{segment.AsSpan(0, KeptOfLong).TrimEnd('.')}~{hash}{extension}";
    }

    private static bool IsPlain(Rune rune)
        => rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || Allowed.Contains((char)rune.Value, StringComparison.Ordinal));

    private static bool IsReserved(string segment)
    {
        var dot = segment.IndexOf('.', StringComparison.Ordinal);
        var stem = dot < 0 ? segment : segment[..dot];
        return Array.Exists(Reserved, r => r.Equals(stem, StringComparison.OrdinalIgnoreCase))
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3])
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
    }
}
