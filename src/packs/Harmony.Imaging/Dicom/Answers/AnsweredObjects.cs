using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Storage;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Dicom.Transcoding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// The objects in the answer to a retrieval: files in the folder that <c>{folder_path}</c> names, one object, or one in each part of
/// <c>multipart/related</c>. What comes as a body is kept in a folder until it has been sent: how many objects there are has to be known before
/// the first of them goes. Disposing it deletes the folder.
/// </summary>
internal sealed class AnsweredObjects : IAsyncDisposable
{
    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly string? _folder;

    private AnsweredObjects(string? folder, IReadOnlyList<SopInstance> instances) => (_folder, Instances) = (folder, instances);

    /// <summary>The objects.</summary>
    public IReadOnlyList<SopInstance> Instances { get; }

    /// <param name="response">The answer, no failure by <see cref="DimseStatuses"/>.</param>
    /// <param name="workFolder">Holds the folders of retrievals; no other folder is believed to be one.</param>
    /// <param name="maxItem">Most bytes of a member of JSON.</param>
    /// <param name="transcoding">Gives the objects in other transfer syntaxes, too; null where they are sent as they are.</param>
    /// <param name="ct">Ends the wait for the backend.</param>
    /// <exception cref="GatewayException">The answer is something else, or says that the retrieval failed.</exception>
    public static async ValueTask<AnsweredObjects> ReadAsync(
        ResponseEnvelope response, string workFolder, long maxItem, ObjectTranscoding? transcoding, CancellationToken ct)
    {
        if (response.Status is 404 or 410 || response.Body.IsEmpty) return new AnsweredObjects(null, []); // nothing to retrieve is no failure: PS3.4 §C.4.2.3.1
        var contentType = response.Headers["content-type"];
        if (contentType is null || DicomMediaType.IsJson(contentType))
            return await OpenAsync(await FolderAsync(response, workFolder, maxItem, ct), transcoding, ct);
        if (!DicomMediaType.IsObject(contentType) && !DicomMediaType.IsMultipart(contentType)) throw NoObjects($"content type '{contentType}'");
        var folder = RetrievalFolders.New(workFolder);
        try
        {
            await KeepAsync(response.Body.OpenStream(), contentType, folder, ct);
            return await OpenAsync(folder, transcoding, ct);
        }
        catch
        {
            Delete(folder);
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        Delete(_folder);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<AnsweredObjects> OpenAsync(string? folder, ObjectTranscoding? transcoding, CancellationToken ct)
    {
        if (folder is null) return new AnsweredObjects(null, []);
        var instances = new List<SopInstance>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", AllFiles).Order(StringComparer.Ordinal))
        {
            try
            {
                var instance = await SopInstance.OpenAsync(file, ct);
                instances.Add(transcoding?.Offer(instance, _ => ValueTask.FromResult(file)) ?? instance);
            }
            catch (DicomFormatException e)
            {
                throw NoObjects(e.Message);
            }
        }

        return new AnsweredObjects(folder, instances);
    }

    /// <summary>The folder that the answer names; null where it says that there is nothing.</summary>
    private static async ValueTask<string?> FolderAsync(ResponseEnvelope response, string workFolder, long maxItem, CancellationToken ct)
    {
        var items = new AnswerItems(response.Body.OpenStream(), "matches", maxItem);
        var hasItems = false;
        await foreach (var item in items.ReadAsync(ct)) hasItems |= item.ValueKind != JsonValueKind.Null;
        AnswerSuccess.Check(items.Members);
        if (!items.Members.TryGetValue("folder_path", out var path) || path.ValueKind != JsonValueKind.String)
        {
            var isNothing = !hasItems && (!items.Members.TryGetValue("file_count", out var count) || (count.TryGetInt64(out var files) && files == 0));
            return isNothing ? null : throw NoObjects("data about objects only");
        }

        // A backend is not trusted: it does not choose which of the gateway's files are sent.
        var folder = Path.GetFullPath(path.GetString()!);
        var isOwn = response.Feature<AnsweredFolder>()?.Path == folder && Path.GetDirectoryName(folder) == workFolder;
        if (!isOwn && !RetrievalFolders.IsMarked(workFolder, folder)) throw NoObjects("'folder_path' is no folder of a retrieval: a UUID directly in "
            + $"'{workFolder}', the 'storage_dir' of the endpoint, with the file '.UUID.expires' beside it");
        return Directory.Exists(folder) ? folder : throw NoObjects("the folder that 'folder_path' names is not there");
    }

    private static async ValueTask KeepAsync(Stream body, string contentType, string folder, CancellationToken ct)
    {
        using var store = new FileSystemStore(folder, isDurable: false);
        if (DicomMediaType.IsObject(contentType))
        {
            await KeepAsync(body, 1, store, ct);
            return;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
            throw NoObjects("multipart/related without a boundary");
        try
        {
            var parts = new MultipartReader(boundary, body);
            for (var number = 1; await parts.ReadNextSectionAsync(ct) is { } part; number++)
            {
                if (part.ContentType is null || DicomMediaType.IsObject(part.ContentType)) await KeepAsync(part.Body, number, store, ct);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw NoObjects("multipart/related that is malformed or ends too early");
        }
    }

    private static async ValueTask KeepAsync(Stream content, int number, FileSystemStore store, CancellationToken ct)
    {
        if (!ObjectName.TryParse($"{number:D8}.dcm", out var name)) return;
        await store.WriteAsync(name, content, new ObjectWrite(IfExists.Version), ct);
    }

    private static void Delete(string? folder)
    {
        try
        {
            if (folder is null) return;
            Directory.Delete(folder, recursive: true);
            File.Delete(RetrievalFolders.MarkOf(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder does not exist yet, or another process has it: nothing more to do.
        }
    }

    private static GatewayException NoObjects(string reason) => new(FaultSource.Backend, FaultKind.Protocol, $"the response contains no DICOM objects: "
        + $"{reason}");
}
