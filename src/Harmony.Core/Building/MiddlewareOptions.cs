using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Building;

/// <summary>Options of a middleware stand under <c>options</c> or directly in its table, as older documents have them; giving one twice is an error.</summary>
internal sealed class MiddlewareOptions(ConfigProblems problems)
{
    private static readonly string[] OwnKeys = ["id", "type", "authentication", "options"];

    /// <summary>Both kinds together.</summary>
    public OptionsTable Of(Definition<MiddlewareSection> definition, Type optionsType)
    {
        var nested = definition.Section.Options?.Table ?? OptionsTable.Empty(definition.Section.Location).Table;
        var direct = new List<TomlEntry>();
        foreach (var entry in definition.Section.DirectOptions?.Table ?? (IEnumerable<TomlEntry>)[])
        {
            if (nested.TryGet(entry.Key, out var other))
            {
                problems.Error(entry.KeyLocation,
                    $"middleware '{definition.Name}' gives '{entry.Key}' twice, here and under options at line {other.KeyLocation.Line}");
            }
            else if (!IsMisspelt(entry, definition.Name, optionsType)) direct.Add(entry);
        }

        return new OptionsTable(new TomlTable([.. direct, .. nested], definition.Section.Location));
    }

    /// <summary>A key that is no option but nearly one of the middleware's own: <c>authentcation</c>.</summary>
    private bool IsMisspelt(TomlEntry entry, string name, Type optionsType)
    {
        if (BoundKey.Of(optionsType).Any(k => k.TakesRemaining || k.Name == entry.Key || k.OtherNames.Contains(entry.Key))) return false;
        var suggestion = NearestName.Suggestion(entry.Key, OwnKeys);
        if (suggestion.Length == 0) return false;
        problems.Error(entry.KeyLocation, $"unknown key '{entry.Key}' in [middleware.{name}] has no effect{suggestion}");
        return true;
    }
}
