using System.Globalization;

namespace Harmony.Core.Configuration.Reference;

/// <summary>Everything a user may want to know about one key of a configuration.</summary>
public sealed record KeyReference
{
    /// <summary>The key.</summary>
    public required string Name { get; init; }

    /// <summary>Spellings also accepted.</summary>
    public required IReadOnlyList<string> OtherNames { get; init; }

    /// <summary>What it holds.</summary>
    public required ValueShape Shape { get; init; }

    /// <summary>What it is for; Markdown, one paragraph. Empty where nobody wrote it down.</summary>
    public required string Summary { get; init; }

    /// <summary>What holds when the key is absent, as TOML text; null where that is nothing that could be written.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the table is wrong without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether its value is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether an empty string is wrong.</summary>
    public bool MayNotBeEmpty { get; init; }

    /// <summary>Smallest number, or fewest entries; null for no limit.</summary>
    public double? Min { get; init; }

    /// <summary>Largest number, or most entries; null for no limit.</summary>
    public double? Max { get; init; }

    /// <summary>The strings allowed; null for any.</summary>
    public IReadOnlyList<string>? AllowedValues { get; init; }

    /// <summary>Its limits in words: <c>1 to 300</c>, <c>at least 1 entry</c>, <c>not empty</c>. Allowed values are not among them.</summary>
    public IEnumerable<string> Constraints
    {
        get
        {
            var isList = Shape.Kind is ValueKind.Array or ValueKind.Map;
            if (Range is { } range) yield return !isList ? range : range == "at least 1" ? "at least 1 entry" : $"{range} entries";
            if (MayNotBeEmpty) yield return "not empty";
        }
    }

    private string? Range => (Min, Max) switch
    {
        (null, null) => null,
        ({ } min, null) => $"at least {Text(min)}",
        (null, { } max) => $"at most {Text(max)}",
        ({ } min, { } max) => $"{Text(min)} to {Text(max)}",
    };

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
