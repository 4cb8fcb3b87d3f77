using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Harmony.Core.Storage;

/// <summary>
/// The name of an object: segments with slashes between them, always relative, never leading out of its store. There is no other way to make
/// one than through the checks here.
/// </summary>
public sealed record ObjectName
{
    /// <summary>Most bytes of a segment in UTF-8; file systems take 255, and a version needs some of them.</summary>
    public const int MaxSegmentBytes = 240;

    /// <summary>Most segments.</summary>
    public const int MaxSegments = 32;

    /// <summary>Most characters in all.</summary>
    public const int MaxLength = 2048;

    private ObjectName(string text) => Text = text;

    /// <summary>The name: <c>P-1/1.2.3.dcm</c>.</summary>
    public string Text { get; }

    /// <summary>The segments.</summary>
    public IReadOnlyList<string> Segments => Text.Split('/');

    /// <summary>The extension of the last segment, in lower case, without the dot; empty if there is none.</summary>
    public string Extension
    {
        get
        {
            var dot = Text.LastIndexOf('.');
            return dot > Text.LastIndexOf('/') + 1 ? Text[(dot + 1)..].ToLowerInvariant() : "";
        }
    }

    /// <summary>Reads a name.</summary>
    /// <returns>
    /// False for anything that might lead elsewhere or that file systems treat in ways of their own: empty segments, those that begin with a dot
    /// or end with a dot or space, backslashes, colons, control characters, too much of it.
    /// </returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ObjectName? name)
    {
        name = null;
        if (text is null or { Length: 0 or > MaxLength }) return false;
        var segments = text.Split('/');
        if (segments.Length > MaxSegments || !Array.TrueForAll(segments, IsSafe)) return false;
        name = new ObjectName(text);
        return true;
    }

    /// <summary>The name of the nth object that wanted this name: <c>a~2.dcm</c>.</summary>
    internal ObjectName Version(int number)
    {
        var extension = Extension.Length == 0 ? "" : Text[^(Extension.Length + 1)..];
        return new ObjectName($"{Text[..^extension.Length]}~{number}{extension}");
    }

    /// <summary>The name.</summary>
    public override string ToString() => Text;

    private static bool IsSafe(string segment)
        => segment.Length > 0
        && segment[0] != '.'
        && segment[^1] is not ('.' or ' ')
        && Encoding.UTF8.GetByteCount(segment) <= MaxSegmentBytes
        && !segment.AsSpan().ContainsAny('\\', ':')
        && !segment.Any(c => char.IsControl(c) || char.IsSurrogate(c));
}
