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
/// The answer of a query: <c>{operation: "find", success: true, matches: […]}</c>, written as matches come in. A query that fails in the middle
/// breaks the response off, so that the client does not mistake a part for the whole.
/// </summary>
internal static class FoundMatches
{
    /// <param name="matches">The matches, of which the first has been waited for, to see whether the query works at all.</param>
    /// <param name="isThere">Whether there was a first.</param>
    /// <param name="stop">Ends the query early.</param>
    /// <param name="wasCut">Tells at the end whether there are more.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> WriteAsync(
        IAsyncEnumerator<DicomDataSet> matches, bool isThere, CancellationTokenSource stop, Func<bool> wasCut)
    {
        using var chunks = new JsonChunks();
        var writer = chunks.Writer;
        writer.WriteStartObject();
        writer.WriteString("operation", DimseOperation.Find.Name());
        writer.WriteBoolean("success", true);
        writer.WriteStartArray("matches");
        Task<bool>? next = null;
        try
        {
            while (isThere)
            {
                DicomJsonWriter.Write(writer, matches.Current);
                next = matches.MoveNextAsync().AsTask();
                // What is there goes out while the next one is waited for.
                if (chunks.IsLarge || !next.IsCompleted) yield return chunks.Take();
                isThere = await next;
            }
        }
        finally
        {
            // The reader has stopped, and an enumerator that is still at work must not be disposed.
            if (next is { IsCompleted: false })
            {
                await stop.CancelAsync();
                await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        writer.WriteEndArray();
        if (wasCut()) writer.WriteBoolean("truncated", true);
        writer.WriteEndObject();
        yield return chunks.Take();
    }
}

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
        => new(FaultSource.Backend, FaultKind.Protocol, $"the response contains no matches in DICOM JSON: {reason}");
}

/// <summary>
/// The character set of the matches that a DICOM system sends: a feature of the response, as the matches are JSON in it. A client that asked without one is
/// answered in it.
/// </summary>
/// <param name="CharacterSet">That of the first match.</param>
internal sealed record FoundCharacterSet(SpecificCharacterSet CharacterSet);
