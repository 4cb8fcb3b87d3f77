using System.Text.Json.Nodes;
using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Dicom.Requests;

/// <summary>The identifier of a query or retrieval.</summary>
/// <param name="Identifier">The keys, without (0008,0052).</param>
/// <param name="Level">The level; null where nothing says it.</param>
/// <param name="MaxResults">Most matches; null for no limit.</param>
internal sealed record DimseQuery(DicomDataSet Identifier, QueryLevel? Level, int? MaxResults)
{
    /// <summary>The keys, with the unique key of the level: a match that does not say what it is of is of no use.</summary>
    public DicomDataSet KeysAt(QueryLevel level)
        => Identifier.Contains(level.UniqueKey()) ? Identifier : Identifier.ToBuilder().Set(level.UniqueKey()).Build();
}

/// <summary>
/// Reads a query from the body of a request: DICOM JSON, the wrapper <c>{command, identifier, query_metadata}</c>, or whatever has a member
/// <c>dimse_identifier</c>, which is over everything else. Keys by tag or keyword, with all their values.
/// </summary>
/// <param name="limits">How much of a body is held and parsed.</param>
internal sealed class QueryReader(ContentLimitsSection limits)
{
    private readonly ContentReader _content = new(limits);

    /// <exception cref="GatewayException"><see cref="FaultKind.Malformed"/>: the body contains no identifier.</exception>
    public async ValueTask<DimseQuery> ReadAsync(RequestEnvelope request, CancellationToken ct)
    {
        var given = IdentifierIn(await ReadBodyAsync(request, ct));
        var identifier = Parse(given);
        var call = DimseCall.Of(request);
        return new DimseQuery(SentKeys.Of(KeysOf(identifier), call.Identifier), LevelOf(call, request, identifier), call.MaxResults);
    }

    /// <summary>curl sends the form type when no type is given; a form is never meant here.</summary>
    private ValueTask<JsonNode?> ReadBodyAsync(RequestEnvelope request, CancellationToken ct)
        => !request.Body.HasData && request.Headers["content-type"]?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
            ? request.Body.ReadJsonAsync(limits.MaxBodySize, ct)
            : _content.ReadAsync(request, ct);

    private static JsonObject? IdentifierIn(JsonNode? body) => body switch
    {
        null => null,
        JsonObject { } wrapper when wrapper.TryGetPropertyValue("dimse_identifier", out var own) => AsObject(own),
        JsonObject { } wrapper when wrapper.TryGetPropertyValue("identifier", out var wrapped) => AsObject(wrapped),
        JsonObject { } wrapper when wrapper.ContainsKey("command") => null,
        JsonArray { Count: 1 } single => AsObject(single[0]),
        _ => AsObject(body),
    };

    private static JsonObject? AsObject(JsonNode? node) => node switch
    {
        null => null,
        JsonObject found => found,
        _ => throw Malformed("an identifier is an object of DICOM JSON"),
    };

    private static DicomDataSet Parse(JsonObject? json)
    {
        if (json is null) return DicomDataSet.Empty;
        try
        {
            return DicomJsonReader.Read(JsonSerializer.SerializeToElement(json));
        }
        catch (DicomFormatException e)
        {
            throw Malformed(e.Message);
        }
    }

    /// <summary>Elements that describe the keys, such as the character set and the level, are not keys.</summary>
    private static DicomDataSet KeysOf(DicomDataSet identifier)
    {
        if (identifier.Any(e => e is DicomBulkValue || e.Tag.Group < 8)) throw Malformed("an identifier has keys from group 0008 on, and no BulkDataURI");
        return identifier.Contains(DicomTag.QueryRetrieveLevel) ? identifier.ToBuilder().Remove(DicomTag.QueryRetrieveLevel).Build() : identifier;
    }

    /// <summary>A level that a step set in the metadata counts most, then that of the body, which a step may have changed, then that of the endpoint.</summary>
    private static QueryLevel? LevelOf(DimseCall call, RequestEnvelope request, DicomDataSet identifier)
    {
        var isSet = call.Level != request.Feature<DimseCall>()?.Level;
        if (isSet || identifier.GetString(DicomTag.QueryRetrieveLevel) is not { } text) return call.Level;
        return QueryLevels.TryParse(text.Trim(), out var level) ? level : throw Malformed("the query level is not PATIENT, STUDY, SERIES or IMAGE");
    }

    private static GatewayException Malformed(string reason) => new(FaultSource.Client, FaultKind.Malformed, $"the body contains no identifier: {reason}");
}

/// <summary>
/// The keys of a query in the character set in which they came. To steps they are JSON, in UTF-8; a system that knows no UTF-8 would find nothing.
/// </summary>
internal static class SentKeys
{
    /// <param name="keys">The keys as steps have left them.</param>
    /// <param name="original">The identifier as it came; null where it came as JSON.</param>
    /// <returns>
    /// The keys, those that are the same as in the original byte for byte; all in UTF-8 if others have text that the set of the original has no codes for.
    /// </returns>
    public static DicomDataSet Of(DicomDataSet keys, DicomDataSet? original)
    {
        if (original is null) return keys;
        var sent = new DicomDataSetBuilder(original.CharacterSet);
        foreach (var key in keys) sent.Set(original.TryGet(key.Tag, out var same) && IsSame(key, same) ? same : key);
        return sent.Build();
    }

    private static bool IsSame(DicomElement key, DicomElement original) => (key, original) switch
    {
        (DicomValue a, DicomValue b) => a.Vr == b.Vr && a.GetText() == b.GetText(),
        (DicomSequence a, DicomSequence b) => Json(a).AsSpan().SequenceEqual(Json(b)),
        _ => false,
    };

    private static byte[] Json(DicomSequence sequence) => DicomJsonWriter.ToUtf8(new DicomDataSetBuilder().Set(sequence).Build());
}
