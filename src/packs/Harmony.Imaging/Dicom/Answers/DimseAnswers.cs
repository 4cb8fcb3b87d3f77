using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>The answers that are known as a whole. Their shapes are public: <c>docs/dicom-backend.md</c>.</summary>
internal static class DimseAnswers
{
    /// <summary>The message for a retrieval without objects.</summary>
    public const string NotFound = "Study not found";

    /// <summary><c>{operation: "echo", success: true, remote_aet, host, port}</c>.</summary>
    public static ResponseEnvelope Echo(RequestEnvelope request, string remoteAet, string host, int port) => Json(request, 200, writer =>
    {
        writer.WriteString("operation", DimseOperation.Echo.Name());
        writer.WriteBoolean("success", true);
        writer.WriteString("remote_aet", remoteAet);
        writer.WriteString("host", host);
        writer.WriteNumber("port", port);
    });

    /// <summary><c>{operation, success: false, error}</c>, and what <paramref name="more"/> adds.</summary>
    public static ResponseEnvelope Failure(RequestEnvelope request, DimseOperation operation, int status, string error, Action<Utf8JsonWriter>? more = null)
        => Json(request, status, writer =>
        {
            writer.WriteString("operation", operation.Name());
            writer.WriteBoolean("success", false);
            writer.WriteString("error", error);
            more?.Invoke(writer);
        });

    /// <summary>An object with the members that <paramref name="write"/> writes.</summary>
    public static ResponseEnvelope Json(RequestEnvelope request, int status, Action<Utf8JsonWriter> write)
    {
        using var chunks = new JsonChunks();
        chunks.Writer.WriteStartObject();
        write(chunks.Writer);
        chunks.Writer.WriteEndObject();
        return new ResponseEnvelope(request, status) { Headers = JsonFields(), Body = Body.FromBytes(chunks.Take()) };
    }

    /// <summary>An answer that is written while it is read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="chunks">Writes it.</param>
    /// <param name="stop">Ends the writing early; disposed with the answer.</param>
    /// <param name="source">What is written from, disposed with the answer.</param>
    public static ResponseEnvelope Streamed(
        RequestEnvelope request, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationTokenSource stop, IAsyncDisposable? source = null)
    {
        var stream = new ChunkStream(chunks.GetAsyncEnumerator(stop.Token), stop, source);
        return new ResponseEnvelope(request, 200) { Headers = JsonFields(), Body = Body.FromStream(stream, null), Source = stream };
    }

    private static HeaderFields JsonFields()
    {
        var fields = new HeaderFields(1);
        fields.Add("content-type", "application/json");
        return fields;
    }
}

/// <summary>The outcome in a response.</summary>
internal static class AnswerSuccess
{
    /// <summary>Takes <c>{success: false, error}</c> for what it says, whatever the status.</summary>
    /// <exception cref="GatewayException">It says that the operation failed.</exception>
    public static void Check(IReadOnlyDictionary<string, JsonElement> members)
    {
        if (members.TryGetValue("success", out var success) && success.ValueKind == JsonValueKind.False)
        {
            throw new GatewayException(FaultSource.Backend, FaultKind.Internal, "the backend says that the operation failed");
        }
    }
}
