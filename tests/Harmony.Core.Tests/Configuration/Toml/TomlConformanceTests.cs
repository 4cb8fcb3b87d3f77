using System.Globalization;
using System.Text.Json;
using Harmony.Core.Configuration.Toml;
using Harmony.Testing.Requirements;

namespace Harmony.Core.Tests.Configuration.Toml;

/// <summary>The TOML conformance vectors, which live outside the repository.</summary>
public class TomlConformanceTests
{
    [SharedFact("conformance/toml/vectors.json")]
    public void Vectors_All_AreReadAsExpected()
    {
        var path = SharedFolder.PathOf("conformance/toml/vectors.json");
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(path));
        var failures = vectors.RootElement.EnumerateArray().Select(Check).OfType<string>().ToList();
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    private static string? Check(JsonElement vector)
    {
        var name = vector.GetProperty("name").GetString();
        var table = TomlText.Read(vector.GetProperty("toml_base64").GetBytesFromBase64(), out var problems);
        if (!vector.TryGetProperty("expected", out var expected)) return problems.HasErrors ? null : $"{name}: read without an error";
        if (problems.HasErrors) return $"{name}: {problems.First()}";
        return Difference(table, expected, "") is { } difference ? $"{name}: {difference}" : null;
    }

    private static string? Difference(TomlValue actual, JsonElement expected, string path)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Array when actual is TomlArray array:
                if (array.Count != expected.GetArrayLength()) return $"{path}: {array.Count} items";
                return array.Select((item, i) => Difference(item, expected[i], $"{path}[{i}]")).FirstOrDefault(d => d is not null);
            case JsonValueKind.Object when actual is TomlTable table:
                if (table.Count != expected.EnumerateObject().Count()) return $"{path}: {table.Count} keys";
                return expected.EnumerateObject()
                    .Select(p => table.TryGet(p.Name, out var entry) ? Difference(entry.Value, p.Value, $"{path}.{p.Name}") : $"{path}.{p.Name}: missing")
                    .FirstOrDefault(d => d is not null);
            case JsonValueKind.Object when expected.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String:
                var value = expected.GetProperty("value").GetString()!;
                return Equals(actual, type.GetString()!, value) ? null : $"{path}: {actual.KindName}, expected {type} {value}";
            default:
                return $"{path}: {actual.KindName}, expected {expected}";
        }
    }

    private static bool Equals(TomlValue actual, string type, string value) => (type, actual) switch
    {
        ("string", TomlString s) => s.Value == value,
        ("integer", TomlInteger i) => i.Value == long.Parse(value, CultureInfo.InvariantCulture),
        ("float", TomlFloat f) => f.Value.Equals(Float(value)),
        ("bool", TomlBoolean b) => b.Value == bool.Parse(value),
        ("datetime", TomlOffsetDateTime d) => d.Value.EqualsExact(DateTimeOffset.Parse(value, CultureInfo.InvariantCulture)),
        ("datetime-local", TomlLocalDateTime d) => d.Value == DateTime.Parse(value, CultureInfo.InvariantCulture),
        ("date-local", TomlLocalDate d) => d.Value == DateOnly.Parse(value, CultureInfo.InvariantCulture),
        ("time-local", TomlLocalTime t) => t.Value == TimeOnly.Parse(value, CultureInfo.InvariantCulture),
        _ => false,
    };

    private static double Float(string value) => value.TrimStart('+') switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" or "-nan" => double.NaN,
        var number => double.Parse(number, CultureInfo.InvariantCulture),
    };
}
