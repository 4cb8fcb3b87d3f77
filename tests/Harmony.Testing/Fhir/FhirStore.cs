using System.Globalization;
using System.Text.Json.Nodes;

namespace Harmony.Testing.Fhir;

/// <summary>Resources and their versions, in memory. A version without content is a deletion.</summary>
internal sealed class FhirStore
{
    private readonly Dictionary<string, List<JsonObject?>> _versions = new(StringComparer.Ordinal);
    private int _lastId;

    private FhirStore(FhirStore other)
    {
        foreach (var (key, versions) in other._versions) _versions[key] = [.. versions];
        _lastId = other._lastId;
    }

    public FhirStore()
    {
    }

    public FhirStore Copy() => new(this);

    public string NextId() => "n" + (++_lastId).ToString(CultureInfo.InvariantCulture);

    public bool Knows(string type, string id) => _versions.ContainsKey($"{type}/{id}");

    public JsonObject? Get(string type, string id) => _versions.TryGetValue($"{type}/{id}", out var versions) ? versions[^1] : null;

    public IReadOnlyList<JsonObject?> Versions(string type, string id) => _versions.TryGetValue($"{type}/{id}", out var versions) ? versions : [];

    public IEnumerable<JsonObject> All(string type)
        => _versions.Where(v => v.Key.StartsWith(type + "/", StringComparison.Ordinal)).Select(v => v.Value[^1]).OfType<JsonObject>();

    public IEnumerable<JsonObject> Everything() => _versions.Values.Select(v => v[^1]).OfType<JsonObject>();

    public JsonObject Put(JsonObject resource)
    {
        var key = $"{resource["resourceType"]}/{resource["id"]}";
        if (!_versions.TryGetValue(key, out var versions)) _versions[key] = versions = [];
        var stored = (JsonObject)resource.DeepClone();
        var meta = stored["meta"] as JsonObject ?? [];
        meta["versionId"] = (versions.Count + 1).ToString(CultureInfo.InvariantCulture);
        meta["lastUpdated"] = "2026-01-02T03:04:05Z";
        stored["meta"] = meta.DeepClone();
        versions.Add(stored);
        return stored;
    }

    public void Delete(string type, string id)
    {
        if (_versions.TryGetValue($"{type}/{id}", out var versions) && versions[^1] is not null) versions.Add(null);
    }
}
