namespace Harmony.Core.Routing;

/// <summary>One segment of a <see cref="RoutePattern"/>. Equal segments accept the same text: the names are not part of it.</summary>
/// <param name="Kind">What the segment accepts.</param>
/// <param name="Prefix">The text of a literal, or what stands before the parameter; as <see cref="ComparablePath"/> spells it.</param>
/// <param name="Suffix">What stands behind the parameter.</param>
internal readonly record struct RouteSegment(RouteSegmentKind Kind, string Prefix, string Suffix = "")
{
    /// <summary>Whether the segment reads all of the remaining path.</summary>
    public bool IsCatchAll => Kind is RouteSegmentKind.CatchAll or RouteSegmentKind.Wildcard;

    /// <summary>The segment without names. Braces occur in no literal, there they are <c>%7B</c> and <c>%7D</c>.</summary>
    public string Shape => Kind switch
    {
        RouteSegmentKind.Literal => Prefix,
        RouteSegmentKind.Parameter => $"{Prefix}{{}}{Suffix}",
        RouteSegmentKind.CatchAll => $"{Prefix}{{*}}",
        _ => $"{Prefix}{{**}}",
    };

    /// <summary>Whether the segment accepts <paramref name="text"/>: a segment of the path, or all of the rest for a catch-all.</summary>
    public bool Accepts(ReadOnlySpan<char> text) => Kind switch
    {
        RouteSegmentKind.Literal => text.SequenceEqual(Prefix),
        RouteSegmentKind.Parameter => AcceptsParameter(text),
        RouteSegmentKind.CatchAll => text.Length > Prefix.Length && text.StartsWith(Prefix),
        _ => text.StartsWith(Prefix),
    };

    private bool AcceptsParameter(ReadOnlySpan<char> text)
    {
        if (text.Length <= Prefix.Length + Suffix.Length || !text.StartsWith(Prefix)) return false;
        return Suffix.Length == 0 || (text.EndsWith(Suffix) && !EndsInsideEscape(text[..^Suffix.Length]));
    }

    // "{name}F.json" does not match "a%2F.json": what looks like the suffix is half an escape.
    private static bool EndsInsideEscape(ReadOnlySpan<char> value) => value[^1] == '%' || (value.Length > 1 && value[^2] == '%');
}

/// <summary>What one segment of a <see cref="RoutePattern"/> accepts, most specific first.</summary>
internal enum RouteSegmentKind
{
    /// <summary>The very text.</summary>
    Literal,

    /// <summary><c>{name}</c>, perhaps with text around it: at least one character of one segment.</summary>
    Parameter,

    /// <summary><c>{*name}</c> or <c>/*</c>: at least one character, over any number of segments.</summary>
    CatchAll,

    /// <summary><c>text*</c>: anything that continues the text, over any number of segments, or nothing.</summary>
    Wildcard,
}
