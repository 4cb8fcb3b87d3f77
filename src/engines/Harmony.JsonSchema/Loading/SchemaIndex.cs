using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Loading;

/// <summary>Finds every schema of the files, with its resource and its anchors. References are not followed yet.</summary>
internal sealed class SchemaIndex
{
    private static readonly Regex AnchorName = new(@"^[A-Za-z_][A-Za-z0-9_.-]*\z", RegexOptions.NonBacktracking); // §8.2.2

    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<JsonNode, SchemaPlace> _places = new(ReferenceEqualityComparer.Instance);
    private readonly List<SchemaMistake> _mistakes;

    /// <param name="mistakes">Receives the mistakes of the schemas.</param>
    public SchemaIndex(List<SchemaMistake> mistakes) => _mistakes = mistakes;

    /// <summary>Every schema found, with its place.</summary>
    public IReadOnlyDictionary<JsonNode, SchemaPlace> Places => _places;

    public IEnumerable<SchemaResource> Resources => _resources.Values.Distinct();

    /// <summary>The resource of a URI; null if there is none.</summary>
    public SchemaResource? Find(Uri uri) => _resources.GetValueOrDefault(KeyOf(uri));

    /// <summary>Adds a file.</summary>
    /// <param name="path">The full path: the base of relative references if the schema has no <c>$id</c>.</param>
    /// <param name="root">The content.</param>
    public void Add(string path, JsonNode root)
    {
        var file = new SchemaResource(new Uri(path), Path.GetFileName(path), root);
        _resources[KeyOf(file.Uri)] = file;
        Visit(root, file, file.Label + "#");
        if (_places.TryGetValue(root, out var place)) _resources[KeyOf(file.Uri)] = place.Resource; // a root with an $id is found under both
    }

    private static string KeyOf(Uri uri) => uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped);

    private void Visit(JsonNode? node, SchemaResource resource, string location)
    {
        if (node is JsonValue && node.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            _places[node] = new SchemaPlace(resource, location);
            return;
        }

        if (node is not JsonObject schema)
        {
            _mistakes.Add(new SchemaMistake(location, "a schema is an object, true or false"));
            return;
        }

        resource = Identify(schema, resource, location);
        _places[schema] = new SchemaPlace(resource, location);
        foreach (var (keyword, value) in schema) VisitKeyword(keyword, value, resource, location);
    }

    private void VisitKeyword(string keyword, JsonNode? value, SchemaResource resource, string location)
    {
        var at = $"{location}/{JsonPointer.Escape(keyword)}";
        if (SchemaDialect.WithSchema.Contains(keyword)) Visit(value, resource, at);
        else if (SchemaDialect.WithList.Contains(keyword) && value is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++) Visit(list[i], resource, $"{at}/{i}");
        }
        else if (SchemaDialect.WithMap.Contains(keyword) && value is JsonObject map)
        {
            foreach (var (name, member) in map) Visit(member, resource, $"{at}/{JsonPointer.Escape(name)}");
        }
        else if (keyword is "$defs" or "definitions")
        {
            _mistakes.Add(new SchemaMistake(at, $"'{keyword}' must be an object"));
        }
    }

    private SchemaResource Identify(JsonObject schema, SchemaResource resource, string location)
    {
        if (TextOf(schema, "$id", location) is { } id)
        {
            if (!Uri.TryCreate(resource.Uri, id, out var uri) || uri.Fragment.Length > 1)
            {
                _mistakes.Add(new SchemaMistake(location, $"'$id' must be a URI without a fragment, not '{id}'"));
            }
            else
            {
                resource = new SchemaResource(uri, location.EndsWith('#') ? resource.Label : id, schema);
                if (!_resources.TryAdd(KeyOf(uri), resource)) _mistakes.Add(new SchemaMistake(location, $"'$id' {uri} is used twice"));
            }
        }

        if (TextOf(schema, "$schema", location) is { } dialect && dialect.TrimEnd('#') != SchemaDialect.Uri)
        {
            _mistakes.Add(new SchemaMistake(location, $"'$schema' is {dialect}; only {SchemaDialect.Uri} is understood"));
        }

        TakeAnchor(schema, "$anchor", resource, location);
        if (TakeAnchor(schema, "$dynamicAnchor", resource, location) is { } dynamicAnchor) resource.DynamicNames.Add(dynamicAnchor);
        return resource;
    }

    private string? TakeAnchor(JsonObject schema, string keyword, SchemaResource resource, string location)
    {
        if (TextOf(schema, keyword, location) is not { } name) return null;
        if (!AnchorName.IsMatch(name))
        {
            _mistakes.Add(
                new SchemaMistake(location, $"'{keyword}' must be a name of letters, digits, '-', '.' and '_' that begins with a letter or '_', not '{name}'"));
            return null;
        }

        if (resource.Anchors.TryAdd(name, schema) || ReferenceEquals(resource.Anchors[name], schema)) return name;
        _mistakes.Add(new SchemaMistake(location, $"the anchor '{name}' is used twice"));
        return null;
    }

    private string? TextOf(JsonObject schema, string keyword, string location)
    {
        if (!schema.TryGetPropertyValue(keyword, out var value)) return null;
        if (JsonEquality.KindOf(value) == JsonValueKind.String) return value!.GetValue<string>();
        _mistakes.Add(new SchemaMistake($"{location}/{keyword}", $"'{keyword}' must be a string"));
        return null;
    }
}

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>A name as one part of a pointer.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Follows a pointer.</summary>
    /// <returns>Whether the pointer leads to a value.</returns>
    public static bool TryFollow(JsonNode? root, string pointer, out JsonNode? found)
    {
        found = root;
        if (pointer.Length == 0) return true;
        foreach (var part in pointer[1..].Split('/'))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            switch (found)
            {
                case JsonObject members when members.TryGetPropertyValue(name, out found):
                    break;
                case JsonArray items when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count:
                    found = items[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
