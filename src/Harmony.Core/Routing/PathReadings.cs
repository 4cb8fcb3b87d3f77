namespace Harmony.Core.Routing;

/// <summary>
/// The ways in which servers read one canonical path: with its parameters and without. What lets requests through must hold for each of
/// them, what keeps them out for one. An empty path is <c>/</c>.
/// </summary>
public readonly ref struct PathReadings
{
    /// <summary>Reads a path.</summary>
    /// <param name="path">Canonical; with a leading slash, or empty.</param>
    public PathReadings(string path)
    {
        AsSent = path.Length == 0 ? "/" : path;
        AreOne = !PathParameters.AreIn(path);
        WithoutParameters = AreOne ? AsSent : PathParameters.Remove(path);
    }

    /// <summary>The path itself.</summary>
    public ReadOnlySpan<char> AsSent { get; }

    /// <summary>The path without parameters.</summary>
    public ReadOnlySpan<char> WithoutParameters { get; }

    /// <summary>Whether there are no parameters, so that both are the same.</summary>
    public bool AreOne { get; }

    /// <summary>
    /// Compiles a pattern for these readings: as <see cref="RoutePattern.TryParse"/>, but a slash at its end and at that of a path means
    /// nothing, and a catch-all may be empty: <c>/{*rest}</c> is every path.
    /// </summary>
    public static bool TryParsePattern(
        string text,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RoutePattern? pattern,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!RoutePattern.TryParse(text.Length > 1 && text.EndsWith('/') ? text[..^1] : text, out pattern, out error)) return false;
        pattern = pattern.ForJudging();
        return true;
    }
}

/// <summary>What a request path holds that readers of paths disagree about. An endpoint refuses it unless its configuration allows the oddity.</summary>
[Flags]
public enum PathOddities
{
    /// <summary>Nothing unusual.</summary>
    None = 0,

    /// <summary><c>%2F</c>: text inside a segment to some servers, a separator to others.</summary>
    EncodedSlash = 1,

    /// <summary><c>%5C</c>, or a backslash sent as such: a separator to servers that run on Windows.</summary>
    EncodedBackslash = 2,

    /// <summary>A dot, separator, NUL or line break encoded twice, e.g. <c>%252e</c>: text, unless a server behind us decodes twice.</summary>
    DoubleEncoding = 4,
}
