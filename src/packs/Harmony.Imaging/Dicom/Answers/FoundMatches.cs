using Harmony.Dicom.Data;
using Harmony.Dicom.Json;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// The answer of a query: <c>{operation: "find", success: true, matches: […]}</c>, written as matches come in. A query that fails in the middle
/// breaks the answer off, so that nobody takes part of it for the whole.
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
            // Nobody reads on, and an enumerator that is still at work must not be disposed.
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
