using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Routing;

/// <summary>A compiled path pattern, in the syntax of Rust's matchit, that routes, path filters and path rules are written in.</summary>
/// <remarks>
/// <c>{name}</c> is one segment or, with text around it as in <c>{name}.json</c>, part of one; <c>*</c> between slashes is one segment without a name;
/// <c>{*rest}</c> and <c>/*</c> at the end are everything that follows, at least one character; <c>text*</c> at the end is everything that starts with the
/// text; <c>{{</c> and <c>}}</c> are braces.
/// </remarks>
public sealed class RoutePattern
{
    private readonly bool _ignoresLastSlash;

    internal RoutePattern(string text, ImmutableArray<RouteSegment> segments, bool ignoresLastSlash = false)
    {
        _ignoresLastSlash = ignoresLastSlash;
        Text = text;
        Segments = segments;
        Shape = "/" + string.Join('/', segments.Select(segment => segment.Shape));
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>The pattern without names, its literals in canonical form: two patterns of one shape claim the same route.</summary>
    public string Shape { get; }

    internal ImmutableArray<RouteSegment> Segments { get; }

    /// <summary>Compiles <paramref name="text"/>.</summary>
    /// <param name="text">The pattern; starts with a slash.</param>
    /// <param name="pattern">The compiled pattern.</param>
    /// <param name="error">The error in the text with its column, for the author of the configuration.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RoutePattern? pattern, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new RoutePatternParser(text);
        pattern = parser.TryParse(out var segments) ? new RoutePattern(text, segments) : null;
        error = parser.Error;
        return pattern is not null;
    }

    /// <summary>Compiles the prefix of a subtree: <c>/api</c>, which may hold <c>{parameters}</c> but no catch-all. A slash at its end means nothing.</summary>
    /// <param name="text">The prefix; starts with a slash.</param>
    /// <param name="prefix">A pattern that matches the top of the subtree only; <see cref="RouteTable{T}.Builder.TryAddPrefix"/> adds what is below.</param>
    /// <param name="error">The error in the text with its column, for the author of the configuration.</param>
    public static bool TryParsePrefix(string text, [NotNullWhen(true)] out RoutePattern? prefix, [NotNullWhen(false)] out string? error)
    {
        if (!TryParse(text, out prefix, out error)) return false;
        var segments = prefix.Segments;
        if (segments[^1].IsCatchAll)
        {
            error = "a prefix covers everything below it already; leave the catch-all at its end out";
            prefix = null;
            return false;
        }

        if (segments[^1] == new RouteSegment(RouteSegmentKind.Literal, "")) segments = segments.RemoveAt(segments.Length - 1);
        prefix = new RoutePattern(text, segments);
        return true;
    }

    /// <summary>Whether the pattern matches all of <paramref name="path"/>, which is canonical. Letters match in their own case only.</summary>
    public bool IsMatch(ReadOnlySpan<char> path)
    {
        using var comparable = new ComparablePath(path, stackalloc char[ComparablePath.ScratchLength]);
        return IsComparableMatch(comparable.Text);
    }

    /// <summary>
    /// The pattern as one that judges: a slash at the end of a path means nothing, and a catch-all takes nothing too, so that <c>/{*rest}</c>
    /// matches every path and <c>/x/*</c> also <c>/x/</c>, which servers take for a path below <c>/x</c>.
    /// </summary>
    internal RoutePattern ForJudging()
        => new(Text, [.. Segments.Select(s => s is { Kind: RouteSegmentKind.CatchAll, Prefix: "" } ? s with { Kind = RouteSegmentKind.Wildcard } : s)],
            ignoresLastSlash: true);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private bool IsComparableMatch(ReadOnlySpan<char> rest)
    {
        foreach (ref readonly var expected in Segments.AsSpan())
        {
            if (rest.IsEmpty || rest[0] != '/') return false;
            rest = rest[1..];
            if (expected.IsCatchAll) return expected.Accepts(rest);

            var end = rest.IndexOf('/');
            if (end < 0) end = rest.Length;
            if (!expected.Accepts(rest[..end])) return false;
            rest = rest[end..];
        }
        return rest.IsEmpty || (_ignoresLastSlash && rest is "/");
    }
}
