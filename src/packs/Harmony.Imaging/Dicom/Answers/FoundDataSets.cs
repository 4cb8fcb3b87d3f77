using System.Runtime.CompilerServices;
using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.CharacterSets;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// The data sets in the answer to a query: an array of DICOM JSON, <c>{matches: […]}</c>, or one object of DICOM JSON. They are read as they come.
/// </summary>
internal static class FoundDataSets
{
    /// <param name="response">The answer, of a status below 400.</param>
    /// <param name="maxItem">Most bytes of one match.</param>
    /// <param name="ct">Ends the wait for the backend.</param>
    /// <exception cref="GatewayException">The answer is something else, or says that the query failed.</exception>
    public static async IAsyncEnumerable<DicomDataSet> ReadAsync(ResponseEnvelope response, long maxItem, [EnumeratorCancellation] CancellationToken ct)
    {
        if (response.Body.IsEmpty) yield break;
        var contentType = response.Headers["content-type"];
        if (contentType is not null && !DicomMediaType.IsJson(contentType)) throw NoMatches($"content type '{contentType}'");
        var items = new AnswerItems(response.Body.OpenStream(), "matches", maxItem);
        await foreach (var item in items.ReadAsync(ct)) yield return Parse(item);
        AnswerSuccess.Check(items.Members);
        if (items.Members.TryGetValue("truncated", out var truncated) && truncated.ValueKind == JsonValueKind.True) throw TooMany();
        if (items.Members.Keys.Any(k => DicomTag.TryParse(k, out _))) yield return Parse(JsonSerializer.SerializeToElement(items.Members));
    }

    /// <summary>There are more matches than may be sent: those that were sent are not all.</summary>
    public static DimseException TooMany() => new(DimseStatus.OutOfResources, "there are more matches");

    private static DicomDataSet Parse(JsonElement json)
    {
        try
        {
            return DicomJsonReader.Read(json);
        }
        catch (DicomFormatException e)
        {
            throw NoMatches(e.Message);
        }
    }

    private static GatewayException NoMatches(string reason)
        => new(FaultSource.Backend, FaultKind.Protocol, $"the answer holds no matches in DICOM JSON: {reason}");
}

/// <summary>
/// The character set of the matches that a DICOM system sends: a feature of the response, as the matches are JSON in it. Whoever asked without one is
/// answered in it.
/// </summary>
/// <param name="CharacterSet">That of the first match.</param>
internal sealed record FoundCharacterSet(SpecificCharacterSet CharacterSet);
