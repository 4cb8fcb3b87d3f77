using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;
using Harmony.Http.Services;

namespace Harmony.Fhir.Middleware.ImagingStudy;

/// <summary>
/// ImagingStudy of an archive that speaks DIMSE: a search becomes a C-FIND at study level and its matches a searchset; a read becomes the same for one
/// study, and a second C-FIND for its series.
/// </summary>
internal sealed class ImagingStudyMiddleware : INeedsBothSides
{
    private readonly ImagingStudyOptions _options;
    private readonly StudyResource _resources;
    private readonly PublicAddress _address;
    private readonly long _mostBytes;

    private ImagingStudyMiddleware(ImagingStudyOptions options, TimeZoneInfo zone, long mostBytes)
        => (_options, _resources, _address, _mostBytes) = (options, new StudyResource(options, zone), new PublicAddress(options.PublicBase), mostBytes);

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public bool AsksBackend => true;

    public static ImagingStudyMiddleware? Create(ImagingStudyOptions options, MiddlewareContext context)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out var zone))
            return new ImagingStudyMiddleware(options, zone, context.Environment.Limits.MaxBodySize);
        context.Problems.Error(options.LocationOf("time_zone"), $"there is no time zone '{options.TimeZone}'; use an IANA name such as Europe/Berlin");
        return null;
    }

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Feature<FhirInteraction>() is not { Type: "ImagingStudy", Name: "read" or "search-type" } interaction)
            return Refuse(
                request, RefusalKind.NotFound, new FhirRefusal(404, "not-supported", "there are reads of ImagingStudy and searches for it, and nothing else"));
        StudyQuery? query;
        if (interaction.Name == "read")
        {
            query = StudyQuery.ById(interaction.Id);
        }
        else
        {
            var search = FhirQuery.Parse(request.Query);
            if (request.Method == "POST" && !request.Body.IsEmpty)
                search = search.With(FhirQuery.Parse(Encoding.UTF8.GetString((await request.Body.ReadBytesAsync(64 * 1024, ct)).Span)));
            (query, var refusal) = StudyQuery.Of(search, _options);
            if (refusal is not null) return Refuse(request, RefusalKind.Malformed, refusal);
        }

        request.SetFeature(new AskedStudies(query!, $"{_address.Of(request)}/ImagingStudy", request.Query));
        Ask(request, query!.Identifier, "STUDY");
        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        var request = response.Request;
        if (request.Feature<AskedStudies>() is not { } asked || request.Feature<FhirInteraction>() is not { } interaction) return;
        var matches = await MatchesAsync(response, ct);
        if (matches is null)
        {
            Write(response, 502, JsonNode.Parse(OperationOutcomes.Content(false, "transient", "the archive cannot be asked, or says no").Bytes.Span)!);
            return;
        }

        if (interaction.Name == "read")
        {
            var study = matches.FirstOrDefault(m => StudyResource.Text(m, "0020000D") == interaction.Id);
            var resource = study is null ? null : _resources.Of(study, await SeriesAsync(request, interaction.Id, ct));
            if (resource is null)
                Write(response, 404, JsonNode.Parse(OperationOutcomes.Content(false, FhirRefusal.NotFound.Code, FhirRefusal.NotFound.Text).Bytes.Span)!);
            else Write(response, 200, resource);
            return;
        }

        Write(response, 200, Searchset(matches, asked));
    }

    private JsonObject Searchset(IReadOnlyList<JsonObject> matches, AskedStudies asked)
    {
        // Archives send matches in any order; pages need a fixed order.
        var studies = matches.Select(m => _resources.Of(m, [])).OfType<JsonObject>().DistinctBy(s => s["id"]!.ToString())
            .OrderByDescending(s => FhirElements.Text(s, "started"), StringComparer.Ordinal).ThenBy(s => FhirElements.Text(s, "id"), StringComparer.Ordinal)
                .ToList();
        var (count, offset) = (asked.Query.Count ?? _options.PageSize, asked.Query.Offset);
        var links = new JsonArray((JsonNode)Link("self", asked.Base, asked.Query, asked.Search, offset));
        if (offset > 0 && count > 0) links.Add((JsonNode)Link("previous", asked.Base, asked.Query, asked.Search, Math.Max(0, offset - count)));
        if (count > 0 && offset + count < studies.Count) links.Add((JsonNode)Link("next", asked.Base, asked.Query, asked.Search, offset + count));
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["total"] = studies.Count, ["link"] = links };
        var entries = studies.Skip(offset).Take(count).Select(s => (JsonNode)new JsonObject
        {
            ["fullUrl"] = $"{asked.Base}/{s["id"]}", ["resource"] = s, ["search"] = new JsonObject { ["mode"] = "match" },
        }).ToArray();
        if (entries.Length > 0) bundle["entry"] = new JsonArray(entries);
        return bundle;
    }

    private static JsonObject Link(string relation, string address, StudyQuery query, string search, int offset)
    {
        var parameters = FhirQuery.Parse(search);
        parameters.Remove("_offset");
        if (offset > 0) parameters.Set("_offset", offset.ToString(CultureInfo.InvariantCulture));
        if (query.Count is { } count) parameters.Set("_count", count.ToString(CultureInfo.InvariantCulture));
        return new JsonObject { ["relation"] = relation, ["url"] = parameters.Pairs.Count == 0 ? address : $"{address}?{parameters}" };
    }

    private async ValueTask<IReadOnlyList<JsonObject>> SeriesAsync(RequestEnvelope request, string uid, CancellationToken ct)
    {
        if (request.Feature<BackendQuestions>() is not { } questions) return [];
        var identifier = new JsonObject { ["0020000D"] = new JsonObject { ["vr"] = "UI", ["Value"] = new JsonArray(uid) } };
        foreach (var (tag, vr) in new[] { ("0020000E", "UI"), ("00080060", "CS"), ("00200011", "IS"), ("0008103E", "LO"), ("00201209", "IS") })
            identifier[tag] = new JsonObject { ["vr"] = vr };
        using var question = Questions.Of(request, "POST", "/series");
        Ask(question, identifier, "SERIES");
        await using var response = await questions.AskAsync(request, question, ct);
        return [.. (await MatchesAsync(response, ct) ?? []).OrderBy(s => StudyResource.Text(s, "00200011")?.PadLeft(12, '0'), StringComparer.Ordinal)];
    }

    private async ValueTask<IReadOnlyList<JsonObject>?> MatchesAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Status != 200) return null;
        return await response.Body.ReadJsonAsync(_mostBytes, ct) is JsonObject answer && answer["matches"] is JsonArray matches
            ? [.. matches.OfType<JsonObject>()]
            : null;
    }

    private static void Ask(RequestEnvelope request, JsonObject identifier, string level)
    {
        request.Metadata["dimse_op"] = "find";
        request.Metadata["query_level"] = level;
        request.Body.Replace(new JsonObject { ["dimse_identifier"] = identifier });
        request.Headers.Set("content-type", "application/json");
        request.Headers.Remove("content-length");
    }

    private static void Write(ResponseEnvelope response, int status, JsonNode content)
    {
        response.Status = status;
        response.Body.Replace(Encoding.UTF8.GetBytes(content.ToJsonString()));
        response.Headers.Remove("content-length");
        response.Headers.Set("content-type", FhirMediaTypes.Json);
    }

    private static MiddlewareResult Refuse(RequestEnvelope request, RefusalKind kind, FhirRefusal refusal)
        => MiddlewareResult.Refuse(
            new Refusal(kind, refusal.Text) { Content = OperationOutcomes.Content(FhirMediaTypes.WantsXml(request, out _), refusal.Code, refusal.Text) });

    /// <summary>The query of a request, kept until the archive has responded.</summary>
    /// <param name="Query">The query.</param>
    /// <param name="Base">The public address of the type.</param>
    /// <param name="Search">The parameters as the client wrote them.</param>
    private sealed record AskedStudies(StudyQuery Query, string Base, string Search);
}
