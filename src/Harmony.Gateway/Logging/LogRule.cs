using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>One entry of a level specification: <c>harmony.http=debug</c>.</summary>
/// <param name="Target">The category, or the head of categories, it is about; empty for all that no other rule names.</param>
/// <param name="Level">The lowest level written.</param>
internal readonly record struct LogRule(string Target, LogLevel Level)
{
    /// <summary>Whether this is the level of everything that no other rule names.</summary>
    public bool IsDefault => Target.Length == 0;

    /// <summary>Whole segments only: <c>harmony.http</c> covers <c>harmony.http.client</c>, not <c>harmony.https</c>.</summary>
    public bool Covers(string category)
        => category.StartsWith(Target, StringComparison.OrdinalIgnoreCase)
            && (category.Length == Target.Length || category[Target.Length] == '.');

    /// <summary>The entry as one would write it.</summary>
    public override string ToString() => IsDefault ? LogLevelNames.NameOf(Level) : $"{Target}={LogLevelNames.NameOf(Level)}";
}
