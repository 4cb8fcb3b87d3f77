using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Storage;

namespace Harmony.Data.Services.Storage;

/// <summary>Responses with what is in a store: objects, parts of them, and lists.</summary>
/// <param name="store">The store.</param>
internal sealed class StorageReads(IObjectStore store)
{
    private const int UsualListed = 1000, MostListed = 10_000;

    /// <summary>How often an object is looked up again that was replaced between the look and the read.</summary>
    private const int Tries = 3;

    private static readonly string[] Conditions = ["range", "if-match", "if-none-match", "if-modified-since"];

    /// <summary>The response with an object, a part of it, or 304, 412, 416; null where there is none.</summary>
    public async ValueTask<ResponseEnvelope?> AnswerAsync(RequestEnvelope request, ObjectName name, CancellationToken ct)
    {
        if (request.Method != "HEAD" && !Conditions.Any(c => request.Headers[c] is not null))
        {
            if (await store.OpenAsync(name, null, ct) is not { } whole) return null;
            return await GuardedAsync(Of(whole.Stat).AnswerAsync(request, _ => new(whole.Content)));
        }

        for (var left = Tries; await store.StatAsync(name, ct) is { } stat; left--)
        {
            StoredObject? opened = null;
            var response = await GuardedAsync(Of(stat).AnswerAsync(request, async range =>
            {
                opened = await store.OpenAsync(name, range, ct);
                return opened?.Content ?? Stream.Null;
            }));
            if (response.Source is null || opened?.Stat.ETag == stat.ETag || (left == 0 && opened is not null)) return response;
            await response.DisposeAsync(); // another writer came between
        }

        return null;
    }

    /// <summary>A list: <c>after</c> and <c>limit</c> of the query bound it.</summary>
    public async ValueTask<ResponseEnvelope> ListAsync(RequestEnvelope request, string prefix, CancellationToken ct)
    {
        var after = request.QueryParams.TryGetValue("after", out var given) ? given[0] : "";
        var limit = UsualListed;
        if (request.QueryParams.TryGetValue("limit", out var wanted)
            && (!int.TryParse(wanted[0], NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostListed))
        {
            return Json(request, 400, new JsonObject { ["error"] = $"limit is a number from 1 to {MostListed}" });
        }

        var objects = new JsonArray();
        string? next = null;
        await foreach (var found in store.ListAsync(prefix, after, ct))
        {
            if (objects.Count == limit)
            {
                next = objects[^1]!["name"]!.GetValue<string>();
                break;
            }

            objects.Add((JsonNode)new JsonObject
            {
                ["name"] = found.Name.Text,
                ["size"] = found.Length,
                ["etag"] = found.ETag,
                ["modified"] = found.Modified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            });
        }

        return Json(request, 200, new JsonObject { ["prefix"] = prefix, ["objects"] = objects, ["next"] = next });
    }

    /// <summary>A response with a JSON document.</summary>
    public static ResponseEnvelope Json(RequestEnvelope request, int status, JsonNode document)
    {
        var response = new ResponseEnvelope(request, status) { Body = Body.FromBytes(Encoding.UTF8.GetBytes(document.ToJsonString())) };
        response.Headers.Set("content-type", "application/json");
        return response;
    }

    private static Representation Of(ObjectStat stat) => new(stat.Length, stat.ETag, stat.ContentType) { Modified = stat.Modified };

    /// <summary>A stored object is no page of this origin: a browser neither guesses its type nor runs its scripts.</summary>
    private static async ValueTask<ResponseEnvelope> GuardedAsync(ValueTask<ResponseEnvelope> answering)
    {
        var response = await answering;
        if (response.Status is not (200 or 206)) return response;
        response.Headers.Set("x-content-type-options", "nosniff");
        response.Headers.Set("content-security-policy", "sandbox; default-src 'none'");
        return response;
    }
}
