using System.Globalization;
using System.Text.Json.Nodes;

namespace Harmony.Testing.Fhir;

/// <summary>Patches of both kinds: JSON Patch (RFC 6902) and FHIRPath Patch (https://hl7.org/fhir/R4/fhirpatch.html) with paths of names and indexes.</summary>
internal static class FhirPatch
{
    /// <summary>The patched resource.</summary>
    /// <exception cref="InvalidOperationException">The patch does not fit the resource.</exception>
    public static JsonObject Apply(JsonObject resource, JsonNode? patch)
    {
        var patched = (JsonObject)resource.DeepClone();
        foreach (var operation in patch as JsonArray ?? []) Json(patched, operation!);
        foreach (var operation in patch is JsonObject ? patch["parameter"] as JsonArray ?? [] : []) FhirPathPatch(patched, operation!);
        return patched;
    }

    private static void Json(JsonObject resource, JsonNode operation)
    {
        var path = Pointer(operation["path"]!);
        switch (operation["op"]!.ToString())
        {
            case "add":
                Insert(resource, path, operation["value"]);
                break;
            case "replace":
                Set(resource, path, operation["value"]);
                break;
            case "remove":
                Remove(resource, path);
                break;
            case "copy":
                Insert(resource, path, At(resource, Pointer(operation["from"]!)));
                break;
            case "move":
                var moved = At(resource, Pointer(operation["from"]!));
                Remove(resource, Pointer(operation["from"]!));
                Insert(resource, path, moved);
                break;
            case "test" when JsonNode.DeepEquals(At(resource, path), operation["value"]):
                break;
            default:
                throw new InvalidOperationException("the patch does not fit");
        }
    }

    private static void FhirPathPatch(JsonObject resource, JsonNode operation)
    {
        var parts = operation["part"]!.AsArray().ToDictionary(p => p!["name"]!.ToString(), p => Value(p!));
        var path = parts["path"]!.ToString().Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.')[1..];
        switch (parts["type"]!.ToString())
        {
            case "add":
                var element = At(resource, path) as JsonObject ?? throw new InvalidOperationException("there is no such element");
                if (element[parts["name"]!.ToString()] is JsonArray list) list.Add(parts["value"]!.DeepClone());
                else element[parts["name"]!.ToString()] = parts["value"]!.DeepClone();
                break;
            case "insert":
                Insert(resource, [.. path, parts["index"]!.ToString()], parts["value"]);
                break;
            case "delete":
                Remove(resource, path);
                break;
            case "replace":
                Set(resource, path, parts["value"]);
                break;
            case "move":
                var moved = At(resource, [.. path, parts["source"]!.ToString()]);
                Remove(resource, [.. path, parts["source"]!.ToString()]);
                Insert(resource, [.. path, parts["destination"]!.ToString()], moved);
                break;
            default:
                throw new InvalidOperationException("there is no such operation");
        }
    }

    /// <summary>The <c>value[x]</c> of a part.</summary>
    private static JsonNode? Value(JsonNode part) => part.AsObject().First(m => m.Key.StartsWith("value", StringComparison.Ordinal)).Value;

    private static string[] Pointer(JsonNode pointer) => [.. pointer.ToString().TrimStart('/').Split('/').Select(Unescaped)];

    /// <summary>A reference token of a JSON Pointer (RFC 6901 §4).</summary>
    private static string Unescaped(string word)
        => word.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static JsonNode? At(JsonNode node, string[] path) => path.Aggregate((JsonNode?)node, (found, word) => found is JsonArray list
        ? list[Index(word, list)]
        : found?[word] ?? throw new InvalidOperationException("there is no such element"));

    private static void Insert(JsonNode node, string[] path, JsonNode? value)
    {
        if (At(node, path[..^1]) is JsonArray list) list.Insert(Index(path[^1], list), value?.DeepClone());
        else Set(node, path, value);
    }

    private static void Set(JsonNode node, string[] path, JsonNode? value)
    {
        if (At(node, path[..^1]) is JsonArray list) list[Index(path[^1], list)] = value?.DeepClone();
        else At(node, path[..^1])![path[^1]] = value?.DeepClone();
    }

    private static void Remove(JsonNode node, string[] path)
    {
        if (At(node, path[..^1]) is JsonArray list) list.RemoveAt(Index(path[^1], list));
        else if (!((JsonObject)At(node, path[..^1])!).Remove(path[^1])) throw new InvalidOperationException("there is no such element");
    }

    private static int Index(string word, JsonArray list) => word == "-" ? list.Count : int.Parse(word, CultureInfo.InvariantCulture);
}
