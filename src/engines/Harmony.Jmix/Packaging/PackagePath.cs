using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Harmony.Jmix.Packaging;

/// <summary>
/// The names of files within packages. A name from outside is accepted only if every common file system can hold it and it cannot lead out of the
/// folder of the package.
/// </summary>
public static class PackagePath
{
    private const int MaxSegments = 32, MaxSegmentBytes = 255, MaxBytes = 1024;

    private static readonly SearchValues<char> Refused = SearchValues.Create(":*?\"<>|");

    private static readonly string[] Devices =
    [
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }), "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³",
    ];

    /// <summary>The name with forward slashes and without <c>./</c> in front.</summary>
    /// <exception cref="JmixException">The name is not safe.</exception>
    public static string Normalize(string name)
        => TryNormalize(name, out var normal, out var problem) ? normal : throw new JmixException(JmixFault.UnsafeName, problem);

    /// <summary>Checks a name.</summary>
    /// <param name="name">The name as it stands in the archive.</param>
    /// <param name="normal">The name without <c>./</c> in front.</param>
    /// <param name="problem">What is wrong with the name.</param>
    public static bool TryNormalize(string name, [NotNullWhen(true)] out string? normal, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        normal = name;
        while (normal.StartsWith("./", StringComparison.Ordinal)) normal = normal[2..];
        problem = Problem(name, normal);
        if (problem is null) return true;
        normal = null;
        return false;
    }

    private static string? Problem(string name, string normal)
    {
        var shown = Shown(name);
        if (normal.Length == 0) return $"the entry {shown} has no name";
        if (normal.StartsWith('/')) return $"the entry {shown} has an absolute path";
        if (normal.Contains('\\', StringComparison.Ordinal)) return $"the entry {shown} has a backslash in its name";
        if (Encoding.UTF8.GetByteCount(normal) > MaxBytes) return $"the name of an entry has more than {MaxBytes} bytes: {shown}";
        var segments = normal.Split('/');
        if (segments.Length > MaxSegments) return $"the entry {shown} lies more than {MaxSegments} folders deep";
        foreach (var segment in segments)
        {
            if (Problem(segment) is { } problem) return $"the entry {shown} {problem}";
        }

        return null;
    }

    private static string? Problem(string segment)
    {
        if (segment.Length == 0) return "has an empty folder name";
        if (segment is "." or "..") return $"leads out of its folder by '{segment}'";
        if (segment.Any(c => c < ' ' || c == '\x7f' || char.IsSurrogate(c))) return "has a control character in its name";
        if (segment.AsSpan().ContainsAny(Refused)) return "has a character in its name that some file systems refuse";
        if (segment[^1] is ' ' or '.') return "has a name that ends with a blank or a dot";
        if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes) return $"has a name of more than {MaxSegmentBytes} bytes";
        var stem = segment.Split('.')[0].TrimEnd(' ');
        return Devices.Contains(stem, StringComparer.OrdinalIgnoreCase) ? $"has the name of a device, '{stem}'" : null;
    }

    // A name from outside goes into a message: shortened, and without control characters.
    private static string Shown(string name)
    {
        var text = new StringBuilder("'");
        foreach (var c in name.Length > 80 ? name[..80] + "…" : name) text.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return text.Append('\'').ToString();
    }
}
