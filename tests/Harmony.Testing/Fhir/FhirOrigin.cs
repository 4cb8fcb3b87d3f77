using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using QueryString = Harmony.Core.Envelope.QueryString;

namespace Harmony.Testing.Fhir;

/// <summary>
/// A FHIR R4 server in memory, at <c>/r4</c>: the interactions of the RESTful API in JSON. Links name the server itself, and pages are kept by number.
/// </summary>
public sealed class FhirOrigin : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<JsonArray> _pages = [];
    private FhirStore _store = new();
    private KestrelOrigin _origin = null!;

    private FhirOrigin()
    {
    }

    /// <summary>The base, without a slash at the end.</summary>
    public string Base => _origin.Url + "r4";

    /// <summary>Method, path and query of each request, as they arrived.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Bodies of requests, as they arrived.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>A type whose resources the server lets nobody create; null for none.</summary>
    public string? Refused { get; set; }

    /// <summary>Starts a server with resources, given as JSON with type and id.</summary>
    public static async Task<FhirOrigin> StartAsync(params string[] resources)
    {
        var origin = new FhirOrigin();
        foreach (var text in resources) origin._store.Put((JsonObject)JsonNode.Parse(text)!);
        origin._origin = await KestrelOrigin.StartAsync(origin.HandleAsync);
        return origin;
    }

    /// <summary>A resource as it is stored; null where there is none.</summary>
    public JsonObject? Stored(string type, string id)
    {
        lock (_lock) return (JsonObject?)_store.Get(type, id)?.DeepClone();
    }

    /// <summary>Stores a resource, given as JSON with type and id.</summary>
    public void Add(string resource)
    {
        lock (_lock) _store.Put((JsonObject)JsonNode.Parse(resource)!);
    }

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var body = await new StreamReader(request.Body, Encoding.UTF8).ReadToEndAsync();
        Requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        if (body.Length > 0) Bodies.Enqueue(body);
        var query = request.QueryString.Value?.TrimStart('?') ?? "";
        var path = request.Path.Value!["/r4".Length..].Trim('/');
        if (request.Method == "POST" && path == Refused)
        {
            context.Response.StatusCode = 403;
            return;
        }

        FhirReply reply;
        lock (_lock)
        {
            var isForm = request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true;
            if (isForm) query = query.Length > 0 ? $"{query}&{body}" : body;
            var call = new FhirCall(request.Method, path, QueryString.Parse(query))
            {
                RawQuery = query,
                Body = body.Length > 0 && !isForm ? JsonNode.Parse(body) : null,
                IfNoneExist = request.Headers["If-None-Exist"],
                IfMatch = request.Headers["If-Match"],
            };
            reply = path.Length == 0 && request.Method == "POST" ? Batch((JsonObject)call.Body!) : Answer(call);
            var isMinimal = request.Headers["Prefer"].ToString().Contains("return=minimal", StringComparison.Ordinal) && request.Method is "POST" or "PUT";
            if (isMinimal && reply.Status < 400 && reply.Resource?["resourceType"]?.ToString() != "Bundle") reply = reply with { Resource = null };
            if (reply.ETag is { } known && request.Headers.IfNoneMatch == known) reply = new FhirReply(304, null) { ETag = known };
        }

        context.Response.StatusCode = reply.Status;
        if (reply.ETag is { } etag) context.Response.Headers.ETag = etag;
        if (reply.Location is { } location) context.Response.Headers.Location = location;
        if (reply.Resource is null) return;
        context.Response.ContentType = "application/fhir+json; charset=utf-8";
        await context.Response.WriteAsync(reply.Resource.ToJsonString());
    }

    private FhirReply Batch(JsonObject bundle)
    {
        var isTransaction = bundle["type"]!.ToString() == "transaction";
        var before = _store.Copy();
        var entries = new JsonArray();
        foreach (var entry in bundle["entry"] as JsonArray ?? [])
        {
            var request = entry!["request"]!;
            var method = request["method"]!.ToString();
            var parts = request["url"]!.ToString().Split('?', 2);
            var query = parts.Length > 1 ? parts[1] : "";
            var body = entry["resource"]?.DeepClone();
            if (method == "PATCH" && body?["resourceType"]?.ToString() == "Binary")
                body = JsonNode.Parse(Convert.FromBase64String(body["data"]!.ToString()));
            var call = new FhirCall(method, parts[0].Trim('/'), QueryString.Parse(query))
            {
                RawQuery = query, Body = body, IfNoneExist = request["ifNoneExist"]?.ToString(),
            };
            var reply = Answer(call);
            if (isTransaction && reply.Status >= 400)
            {
                _store = before;
                return Failed(reply.Status, "an entry failed");
            }

            var response = new JsonObject { ["status"] = reply.Status.ToString(CultureInfo.InvariantCulture) };
            if (reply.Location is { } location) response["location"] = location;
            if (reply.ETag is { } etag) response["etag"] = etag;
            var answer = new JsonObject { ["response"] = response };
            if (reply.Resource is not null) answer["resource"] = reply.Resource.DeepClone();
            entries.Add((JsonNode)answer);
        }

        return new FhirReply(200, new JsonObject { ["resourceType"] = "Bundle", ["type"] = bundle["type"] + "-response", ["entry"] = entries });
    }

    private FhirReply Answer(FhirCall call) => (call.Method, call.Path.Split('/')) switch
    {
        ("GET", ["metadata"]) => new FhirReply(200, Metadata()),
        ("GET", [""]) when call.Query.TryGetValue("_getpages", out var page) => Page(int.Parse(page[0], CultureInfo.InvariantCulture), call),
        ("GET", [var type, var id, "_history"]) => History(type, id),
        ("GET", [var type, var id, "_history", var version]) => Version(type, id, version),
        ("GET" or "POST", ["Patient", var id, "$everything"]) => Everything(id),
        ("GET", [var type, "_history"]) => Searchset([.. _store.All(type)], [], call),
        ("POST", [var type, "_search"]) => Search(type, call),
        ("GET", [var type]) => Search(type, call),
        ("GET", ["Patient", var patient, var type]) => Search(type, call with { Query = With(call.Query, "patient", "Patient/" + patient) }),
        ("GET", [var type, var id]) => Read(type, id),
        ("POST", [var type]) => Create(type, call),
        ("PUT", [var type, var id]) => Update(type, id, call),
        ("PUT", [var type]) => Conditionally(type, call, id => Update(type, id, call), () => Create(type, call with { IfNoneExist = null })),
        ("PATCH", [var type, var id]) => Patch(type, id, call),
        ("PATCH", [var type]) => Conditionally(type, call, id => Patch(type, id, call), () => Failed(404, "no match")),
        ("DELETE", [var type, var id]) => Delete(type, id),
        ("DELETE", [var type]) => Conditionally(type, call, id => Delete(type, id), () => new FhirReply(204, null)),
        _ => Failed(404, "no such path"),
    };

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> With(IReadOnlyDictionary<string, IReadOnlyList<string>> query, string name, string value)
    {
        var more = query.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        more[name] = [.. query.TryGetValue(name, out var there) ? there : [], value];
        return more;
    }

    private FhirReply Read(string type, string id)
        => _store.Get(type, id) is { } resource ? Shown(200, resource) : Failed(_store.Knows(type, id) ? 410 : 404, $"{type}/{id} is not here");

    private FhirReply Version(string type, string id, string version)
        => int.TryParse(version, out var number) && _store.Versions(type, id).ElementAtOrDefault(number - 1) is { } resource
            ? Shown(200, resource)
            : Failed(404, "no such version");

    private FhirReply History(string type, string id)
    {
        if (!_store.Knows(type, id)) return Failed(404, "not here");
        var entries = _store.Versions(type, id).Reverse().Select(v => (JsonNode?)(v is null
            ? new JsonObject { ["request"] = new JsonObject { ["method"] = "DELETE", ["url"] = $"{type}/{id}" } }
            : new JsonObject { ["fullUrl"] = $"{Base}/{type}/{id}", ["resource"] = v.DeepClone() }));
        return new FhirReply(200, new JsonObject { ["resourceType"] = "Bundle", ["type"] = "history", ["entry"] = new JsonArray([.. entries]) });
    }

    private FhirReply Search(string type, FhirCall call)
    {
        var (matches, included) = new FhirSearch(_store).Find(type, call.Query);
        return Searchset(matches, included, call);
    }

    private FhirReply Everything(string id)
    {
        if (_store.Get("Patient", id) is not { } patient) return Failed(404, "not here");
        var others = _store.Everything().Where(r => r.ToJsonString().Contains($"\"Patient/{id}\"", StringComparison.Ordinal));
        return Searchset([patient, .. others], [], new FhirCall("GET", $"Patient/{id}/$everything", QueryString.Parse("")));
    }

    private FhirReply Searchset(List<JsonObject> matches, List<JsonObject> included, FhirCall call)
    {
        var entries = new JsonArray([.. matches.Select(m => Entry(m, "match")), .. included.Select(m => Entry(m, "include"))]);
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["total"] = matches.Count };
        var links = new JsonArray((JsonNode)Link("self", $"{Base}/{call.Path}{(call.RawQuery.Length > 0 ? "?" + call.RawQuery : "")}"));
        var count = call.Query.TryGetValue("_count", out var counts) ? int.Parse(counts[0], CultureInfo.InvariantCulture) : entries.Count;
        if (entries.Count > count)
        {
            _pages.Add((JsonArray)entries.DeepClone());
            links.Add((JsonNode)Link("next", $"{Base}?_getpages={_pages.Count - 1}&_getpagesoffset={count}&_count={count}"));
        }

        bundle["link"] = links;
        bundle["entry"] = new JsonArray([.. entries.Take(count).Select(e => e!.DeepClone())]);
        return new FhirReply(200, bundle);
    }

    private FhirReply Page(int number, FhirCall call)
    {
        if (number >= _pages.Count) return Failed(404, "no such page");
        var (offset, count) = (Number("_getpagesoffset"), Number("_count"));
        var links = new JsonArray((JsonNode)Link("self", $"{Base}?{call.RawQuery}"));
        if (offset > 0) links.Add((JsonNode)Link("previous", Address(Math.Max(0, offset - count))));
        var total = _pages[number].Count;
        if (total > offset + count) links.Add((JsonNode)Link("next", Address(offset + count)));
        var entries = new JsonArray([.. _pages[number].Skip(offset).Take(count).Select(e => e!.DeepClone())]);
        return new FhirReply(200, new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "searchset", ["total"] = total, ["link"] = links, ["entry"] = entries,
        });

        int Number(string parameter) => int.Parse(call.Query[parameter][0], CultureInfo.InvariantCulture);

        string Address(int first) => $"{Base}?_getpages={number}&_getpagesoffset={first}&_count={count}";
    }

    private FhirReply Create(string type, FhirCall call)
    {
        if (call.Body is not JsonObject resource || resource["resourceType"]?.ToString() != type) return Failed(400, "the resource is of another type");
        if (call.IfNoneExist is { Length: > 0 } criteria && new FhirSearch(_store).Find(type, QueryString.Parse(criteria)).Matches is [{ } found, ..])
            return Shown(200, found);
        var created = (JsonObject)resource.DeepClone();
        created["id"] = _store.NextId();
        return Written(201, _store.Put(created));
    }

    private FhirReply Update(string type, string id, FhirCall call)
    {
        if (call.Body is not JsonObject resource || resource["resourceType"]?.ToString() != type) return Failed(400, "the resource is of another type");
        if (call.IfMatch is { Length: > 0 } expected && _store.Get(type, id) is { } current && ETagOf(current) != expected)
            return Failed(412, "another version is here");
        var isNew = _store.Get(type, id) is null;
        var updated = (JsonObject)resource.DeepClone();
        updated["id"] = id;
        return Written(isNew ? 201 : 200, _store.Put(updated));
    }

    private FhirReply Patch(string type, string id, FhirCall call)
    {
        if (_store.Get(type, id) is not { } current) return Failed(404, "not here");
        try
        {
            return Written(200, _store.Put(FhirPatch.Apply(current, call.Body)));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            return Failed(422, "the patch does not fit");
        }
    }

    private FhirReply Delete(string type, string id)
    {
        _store.Delete(type, id);
        return new FhirReply(204, null);
    }

    private FhirReply Conditionally(string type, FhirCall call, Func<string, FhirReply> one, Func<FhirReply> none)
        => new FhirSearch(_store).Find(type, call.Query).Matches switch
        {
            [] => none(),
            [var match] => one(match["id"]!.ToString()),
            _ => Failed(412, "several match"),
        };

    private JsonObject Metadata() => (JsonObject)JsonNode.Parse($$"""
        {"resourceType":"CapabilityStatement","status":"active","date":"2026-01-01","kind":"instance","fhirVersion":"4.0.1","format":["json","xml"],
        "implementation":{"description":"test","url":"{{Base}}"},
        "rest":[{"mode":"server","security":{"cors":true},"interaction":[{"code":"transaction"},{"code":"batch"},{"code":"search-system"}],"operation":[{"name":"export","definition":"http://x/export"}],
        "resource":[
        {"type":"Patient","interaction":[{"code":"read"},{"code":"vread"},{"code":"update"},{"code":"delete"},{"code":"search-type"},{"code":"create"}],
        "searchParam":[{"name":"name","type":"string"},{"name":"identifier","type":"token"},{"name":"_id","type":"token"}],"searchInclude":["Patient:general-practitioner"],
        "searchRevInclude":["Observation:patient"],"operation":[{"name":"everything","definition":"http://x/everything"},{"name":"merge","definition":"http://x/merge"}]},
        {"type":"Observation","interaction":[{"code":"read"},{"code":"search-type"},{"code":"create"}],"searchParam":[{"name":"code","type":"token"},{"name":"patient","type":"reference"}]},
        {"type":"Medication","interaction":[{"code":"read"}]}]}]}
        """)!;

    private FhirReply Shown(int status, JsonObject resource) => new(status, resource) { ETag = ETagOf(resource) };

    private FhirReply Written(int status, JsonObject resource)
        => Shown(status, resource) with { Location = $"{Base}/{resource["resourceType"]}/{resource["id"]}/_history/{resource["meta"]!["versionId"]}" };

    private JsonObject Entry(JsonObject resource, string mode) => new()
    {
        ["fullUrl"] = $"{Base}/{resource["resourceType"]}/{resource["id"]}",
        ["resource"] = resource.DeepClone(),
        ["search"] = new JsonObject { ["mode"] = mode },
    };

    private static JsonObject Link(string relation, string url) => new() { ["relation"] = relation, ["url"] = url };

    private static string ETagOf(JsonObject resource) => $"W/\"{resource["meta"]!["versionId"]}\"";

    private static FhirReply Failed(int status, string text) => new(status, new JsonObject
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject { ["severity"] = "error", ["code"] = "processing", ["diagnostics"] = text }),
    });

    private sealed record FhirCall(string Method, string Path, IReadOnlyDictionary<string, IReadOnlyList<string>> Query)
    {
        public string RawQuery { get; init; } = "";

        public JsonNode? Body { get; init; }

        public string? IfNoneExist { get; init; }

        public string? IfMatch { get; init; }
    }

    private sealed record FhirReply(int Status, JsonObject? Resource)
    {
        public string? ETag { get; init; }

        public string? Location { get; init; }
    }
}
