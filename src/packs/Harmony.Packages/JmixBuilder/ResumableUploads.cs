using System.Globalization;
using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Packages.Jmix;
using Harmony.Packages.Store;

namespace Harmony.Packages.JmixBuilder;

/// <summary>
/// Resumable uploads by TUS 1.0.0. The bytes lie in <c>uploads/ID.part</c> of the store and outlive a restart. With the last byte the package is checked and
/// stored like one that came in one request. Until the package is stored, <c>Upload-Offset</c> leaves out its last byte: a client whose connection broke
/// sends that byte again, and learns from the response whether the package was stored.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="upload">Checks and stores complete packages.</param>
/// <param name="keep">How long an upload is kept after its last byte came.</param>
/// <param name="clock">The clock of <paramref name="keep"/>.</param>
internal sealed class ResumableUploads(PackageStore store, PackageUpload upload, TimeSpan keep, TimeProvider clock)
{
    private string Folder => Path.Combine(store.Root, "uploads");

    /// <summary>Handles a request that the endpoint has parsed.</summary>
    public async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, Guid id, CancellationToken ct)
    {
        try
        {
            var response = request.Method switch
            {
                "POST" => Create(request),
                "HEAD" => State(request, id),
                "DELETE" => Delete(request, id),
                _ => await ContinueAsync(request, id, ct),
            };
            return TusRequest.Marked(response);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw store.Fault(e);
        }
    }

    /// <summary>Deletes uploads whose time is over, and the bytes of uploads that are stored or terminated.</summary>
    public ValueTask SweepAsync(CancellationToken ct)
    {
        if (!Directory.Exists(Folder)) return default;
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "N", out var id)) continue;
            if (Find(id) is not { Package: null } && file == PartOf(id)) PackageStore.DeleteLeftover(file);
            else if (clock.GetUtcNow() - LastWrite(id) > keep) Forget(id);
        }

        return default;
    }

    private ResponseEnvelope Create(RequestEnvelope request)
    {
        var id = Guid.NewGuid();
        Note(id, new Known(TusRequest.Number(request, "upload-length")!.Value, request.Headers.Combined("upload-metadata"), null));
        var response = new ResponseEnvelope(request, 201);
        response.Headers.Add("location", $"{request.Path.TrimEnd('/')}/{id}");
        response.Headers.Add("upload-offset", "0");
        return Expiring(response, id);
    }

    private ResponseEnvelope State(RequestEnvelope request, Guid id)
    {
        if (Find(id) is not { } known) return JmixResponses.NotFound(request);
        var response = new ResponseEnvelope(request, 200);
        response.Headers.Add("upload-offset", Text(OffsetOf(id, known)));
        response.Headers.Add("upload-length", Text(known.Length));
        response.Headers.Add("cache-control", "no-store");
        if (known.Metadata is { } metadata) response.Headers.Add("upload-metadata", metadata);
        return Expiring(response, id);
    }

    private ResponseEnvelope Delete(RequestEnvelope request, Guid id)
    {
        if (Find(id) is null) return JmixResponses.NotFound(request);
        Forget(id);
        return new ResponseEnvelope(request, 204);
    }

    private async ValueTask<ResponseEnvelope> ContinueAsync(RequestEnvelope request, Guid id, CancellationToken ct)
    {
        if (Find(id) is not { } known) return JmixResponses.NotFound(request);
        if (known.Package is not null) return JmixResponses.Error(request, 409, "the upload is complete");
        FileStream part;
        try
        {
            part = OpenPart(id);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(PartOf(id)))
        {
            return JmixResponses.Error(request, 423, "another request is writing to this upload");
        }

        await using (part)
        {
            var offset = OffsetOf(id, known);
            if (TusRequest.Number(request, "upload-offset") != offset) return JmixResponses.Error(request, 409, $"the next part begins at {offset}");
            part.SetLength(offset);
            part.Position = offset;
            if (!await WriteAsync(request, part, known.Length, ct)) return JmixResponses.Error(request, 413,
                $"the part goes beyond the {known.Length} bytes of the upload");
            return part.Length == known.Length ? await CompleteAsync(request, part, id, known, ct) : Continued(request, id, part.Length);
        }
    }

    /// <summary>Opens the file of the bytes, for one request at a time.</summary>
    private FileStream OpenPart(Guid id)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.Asynchronous, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return new FileStream(PartOf(id), options);
    }

    /// <summary>
    /// Writes the body of a request; bytes that came before the connection broke stay. False, and nothing is written, if the body is too long.
    /// </summary>
    private static async ValueTask<bool> WriteAsync(RequestEnvelope request, FileStream part, long length, CancellationToken ct)
    {
        var from = part.Position;
        try
        {
            await using var body = request.Body.OpenStream();
            var buffer = new byte[128 * 1024];
            int read;
            while ((read = await ReadAsync(body, buffer, ct)) > 0)
            {
                if (part.Position + read > length)
                {
                    part.SetLength(from);
                    return false;
                }

                await part.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            }

            return true;
        }
        finally
        {
            part.Flush(flushToDisk: true);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream body, byte[] buffer, CancellationToken ct)
    {
        try
        {
            return await body.ReadAsync(buffer, ct);
        }
        catch (IOException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client broke off in the middle of a part", e); // no fault of the disk
        }
    }

    private async ValueTask<ResponseEnvelope> CompleteAsync(RequestEnvelope request, FileStream part, Guid id, Known known, CancellationToken ct)
    {
        // A copy is stored: if the store is away, or this process ends, the upload can be continued.
        part.Position = 0;
        var archive = await store.WriteAsync(file => part.CopyToAsync(file, ct));
        var stored = await upload.TakeAsync(request, archive, Collection(request), ct);
        if (stored.Status >= 300)
        {
            Forget(id);
            return stored;
        }

        Note(id, known with { Package = stored.Metadata["jmix_id"] });
        File.Delete(PartOf(id));
        var response = Continued(request, id, known.Length);
        response.Headers.Add("content-location", stored.Headers["location"]!);
        response.Metadata["jmix_id"] = stored.Metadata["jmix_id"];
        await stored.DisposeAsync();
        return response;
    }

    private ResponseEnvelope Continued(RequestEnvelope request, Guid id, long offset)
    {
        var response = new ResponseEnvelope(request, 204);
        response.Headers.Add("upload-offset", Text(offset));
        return Expiring(response, id);
    }

    private ResponseEnvelope Expiring(ResponseEnvelope response, Guid id)
    {
        response.Headers.Set("upload-expires", (LastWrite(id) + keep).ToString("R", CultureInfo.InvariantCulture));
        return response;
    }

    /// <summary>The path of the packages, above <c>uploads/ID</c>.</summary>
    private static string Collection(RequestEnvelope request) => request.Path[..request.Path.LastIndexOf("/uploads/", StringComparison.Ordinal)];

    private long OffsetOf(Guid id, Known known) => known.Package is not null ? known.Length
        : Math.Min(new FileInfo(PartOf(id)) is { Exists: true } part ? part.Length : 0, known.Length - 1);

    private DateTimeOffset LastWrite(Guid id) => new(new[] { PartOf(id), NoteOf(id) }.Where(File.Exists).Select(File.GetLastWriteTimeUtc)
        .DefaultIfEmpty(DateTime.UnixEpoch).Max());

    private Known? Find(Guid id)
    {
        try
        {
            return JsonSerializer.Deserialize<Known>(File.ReadAllBytes(NoteOf(id)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private void Note(Guid id, Known known) => store.WriteNote(NoteOf(id), JsonSerializer.SerializeToUtf8Bytes(known));

    private void Forget(Guid id)
    {
        File.Delete(NoteOf(id)); // first: without it there is no upload
        File.Delete(PartOf(id));
    }

    private string PartOf(Guid id) => Path.Combine(Folder, $"{id:N}.part");

    private string NoteOf(Guid id) => Path.Combine(Folder, $"{id:N}.json");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The note of an upload.</summary>
    /// <param name="Length">Bytes of the package.</param>
    /// <param name="Metadata">The client's <c>Upload-Metadata</c>; null for none.</param>
    /// <param name="Package">The identifier of the stored package; null before.</param>
    private sealed record Known(long Length, string? Metadata, string? Package);
}
