using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Web.Multipart;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>
/// The paths of what a request retrieves, where they are several: a feature of the request, and of the response that has the objects of all of them.
/// </summary>
/// <param name="Paths">The paths below the server's root, at least two.</param>
internal sealed record ListedPaths(IReadOnlyList<string> Paths);

/// <summary>
/// Retrieves one path after another from a server, and makes one multipart body of the objects while they come. What is not there is passed over.
/// </summary>
/// <param name="send">Asks the server.</param>
internal sealed class ListedRetrieval(Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>> send)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, ListedPaths listed, CancellationToken ct)
    {
        var next = 0;
        if (await NextAsync() is not { } first) return new ResponseEnvelope(request, 404);
        if (first.Status != 200) return first;
        var framing = new MultipartFraming(Boundary.Create(), DicomMediaType.Object);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var stream = new ChunkStream(PartsAsync(first, framing, NextAsync, stop.Token).GetAsyncEnumerator(stop.Token), stop, first);
        var fields = new HeaderFields(2);
        fields.Add("content-type", framing.ContentType);
        var response = new ResponseEnvelope(request, 200) { Headers = fields, Body = Body.FromStream(stream, null), Source = stream };
        response.SetFeature(listed);
        return response;

        async ValueTask<ResponseEnvelope?> NextAsync()
        {
            while (next < listed.Paths.Count)
            {
                request.Target!.Path = listed.Paths[next++];
                var one = await send(request, ct);
                if (one.Status is not (404 or 410)) return one;
                await one.DisposeAsync();
            }

            return null;
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PartsAsync(
        ResponseEnvelope first, MultipartFraming framing, Func<ValueTask<ResponseEnvelope?>> next, [EnumeratorCancellation] CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        for (var response = first; response is not null; response = await next())
        {
            await using var _ = response;
            if (response.Status != 200) throw Broken($"status {response.Status} for a further one of several");
            await foreach (var (type, content) in ObjectsOf(response, ct))
            {
                yield return framing.Begin(type);
                int read;
                while ((read = await content.ReadAsync(buffer, ct)) > 0) yield return buffer.AsMemory(0, read);
            }
        }

        yield return framing.End();
    }

    private static async IAsyncEnumerable<(string Type, Stream Content)> ObjectsOf(ResponseEnvelope response, [EnumeratorCancellation] CancellationToken ct)
    {
        var type = MediaType.Parse(response.Headers["content-type"] ?? "");
        if (type.Name == DicomMediaType.Object)
        {
            yield return (DicomMediaType.Object, response.Body.OpenStream());
            yield break;
        }

        if (type.Name != "multipart/related" || type["boundary"] is not { Length: > 0 } boundary) throw Broken($"content type '{type.Name}'");
        var parts = new PartReader(response.Body.OpenStream(), boundary);
        while (await PartAsync(parts, ct) is { } part) yield return (part.ContentType ?? DicomMediaType.Object, part.Content);
    }

    private static async ValueTask<BodyPart?> PartAsync(PartReader parts, CancellationToken ct)
    {
        try
        {
            return await parts.NextAsync(ct);
        }
        catch (MultipartFormatException e)
        {
            throw Broken(e.Message);
        }
    }

    private static GatewayException Broken(string reason) => new(FaultSource.Backend, FaultKind.Protocol, $"a list of UIDs cannot be retrieved: {reason}");
}
