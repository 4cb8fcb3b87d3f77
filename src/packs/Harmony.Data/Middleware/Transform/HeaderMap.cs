using System.Buffers;
using System.Text.Json;
using Harmony.Core.Envelope;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Fields as specs see them: one value for each name in lower case; values of equal names joined by a comma.</summary>
internal static class HeaderMap
{
    private static readonly string[] Framing =
    [
        "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ];

    public static Dictionary<string, string> Of(HeaderFields fields)
    {
        var map = new Dictionary<string, string>(fields.Count, StringComparer.Ordinal);
        foreach (ref readonly var field in fields.AsSpan())
        {
            var name = field.Name.ToLowerInvariant();
            map[name] = map.TryGetValue(name, out var earlier) ? $"{earlier}, {field.Value}" : field.Value;
        }

        return map;
    }

    /// <summary>Whether the field is about the connection or the length of the body, which no spec decides.</summary>
    public static bool IsFraming(string name) => Framing.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Metadata that a spec made: strings by name. What is no string is left out, what is not named stays.</summary>
internal static class MetadataMap
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static IReadOnlyDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> pairs)
        => new Dictionary<string, string>(pairs, StringComparer.Ordinal);

    /// <summary>Sets the strings of an object; anything else changes nothing.</summary>
    public static void Merge(JsonElement from, IDictionary<string, string> to) => Merge(from, to, Nothing);

    /// <summary>Sets the strings of an object that are not what <paramref name="now"/> has.</summary>
    public static void Merge(JsonElement from, IDictionary<string, string> to, IReadOnlyDictionary<string, string> now)
    {
        if (from.ValueKind != JsonValueKind.Object) return;
        foreach (var member in from.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String) continue;
            var value = member.Value.GetString()!;
            if (!now.TryGetValue(member.Name, out var before) || before != value) to[member.Name] = value;
        }
    }
}

/// <summary>Turns values that a spec made into text that may stand in a message, or refuses them: they may come from a hostile body.</summary>
internal static class FieldText
{
    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\t']);

    /// <summary>The text of a string, number or boolean; null for everything else.</summary>
    public static string? OfScalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>The texts of a scalar, or of the scalars of an array.</summary>
    public static List<string> OfScalars(JsonElement value)
        => value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(OfScalar).OfType<string>()]
            : OfScalar(value) is { } text ? [text] : [];

    /// <summary>The fields of an object that differ from those that are there, as lines.</summary>
    /// <param name="headers">An object; anything else changes nothing.</param>
    /// <param name="now">The fields that are there, by name in lower case.</param>
    /// <exception cref="TransformException">A name or value cannot stand in a message.</exception>
    public static List<HeaderField> Changed(JsonElement headers, Dictionary<string, string> now)
    {
        var changed = new List<HeaderField>();
        if (headers.ValueKind != JsonValueKind.Object) return changed;
        foreach (var member in headers.EnumerateObject())
        {
            var values = OfScalars(member.Value);
            var isAsBefore = now.TryGetValue(member.Name.ToLowerInvariant(), out var before) && string.Join(", ", values) == before;
            if (isAsBefore || HeaderMap.IsFraming(member.Name)) continue;
            changed.AddRange(values.Select(value => Checked(member.Name, value)));
        }

        return changed;
    }

    /// <summary>Puts lines in the place of those that have their names.</summary>
    public static void SetAll(HeaderFields fields, IReadOnlyList<HeaderField> lines)
    {
        foreach (var line in lines) fields.Remove(line.Name);
        foreach (var line in lines) fields.Add(line.Name, line.Value);
    }

    private static HeaderField Checked(string name, string value)
    {
        if (!HeaderField.IsName(name)) throw new TransformException("a header has a name that is none");
        // A line break would be a header of its own.
        if (value.AsSpan().ContainsAnyExcept(Printable))
            throw new TransformException($"the header '{name}' has a value with characters that HTTP does not allow");
        return new HeaderField(name, value);
    }
}
