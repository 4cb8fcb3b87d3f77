using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Imaging.Services.DicomScu.Retrieved;

/// <summary>
/// The folder of one retrieval. Takes the objects that come for it, on several associations at once where the other side wants that. Until it
/// is disposed the folder is not deleted.
/// </summary>
/// <param name="path">The folder; made with the first object.</param>
/// <param name="folders">Whose it is.</param>
internal sealed class RetrievalFolder(string path, RetrievedFolders folders) : IStoreHandler, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly ObjectFolder _folder = new(path, isDurable: false); // after a crash it is retrieved again
    private Task<FileStream?>? _mark;

    /// <summary>Called for each object when its file exists; may be null. The next object of the association waits for the call.</summary>
    public Func<string, FileMetaInformation, CancellationToken, ValueTask>? OnSaved { get; set; }

    /// <summary>The folder, in full.</summary>
    public string Path => _folder.FolderPath;

    /// <summary>Its name.</summary>
    public string Id => System.IO.Path.GetFileName(_folder.FolderPath);

    /// <summary>The files of the objects that have come, in full; one for each SOP Instance UID.</summary>
    public IReadOnlyCollection<string> Files
    {
        get
        {
            lock (_lock) return [.. _files];
        }
    }

    /// <inheritdoc/>
    public ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
        => SaveAsync(operation, operation.DataSet.AsStream(leaveOpen: true), ct);

    /// <summary>Takes an object whose data set was begun to be read.</summary>
    public async ValueTask<DimseResult> SaveAsync(StoreOperation operation, Stream dataSet, CancellationToken ct)
    {
        FileMetaInformation meta;
        try
        {
            var request = operation.Request;
            meta = FileMetaInformation.Create(request.SopClassUid, request.SopInstanceUid, operation.TransferSyntax, operation.Association.CallingAeTitle);
        }
        catch (ArgumentException)
        {
            return new DimseResult(DimseStatus.InvalidSopInstance, "the SOP class or instance UID is no UID");
        }

        try
        {
            await MarkAsync();
            var file = await _folder.SaveAsync(meta, dataSet, ct);
            lock (_lock) _files.Add(file);
            if (OnSaved is not null) await OnSaved(file, meta, ct);
            return DimseResult.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DimseResult(DimseStatus.OutOfResources, "the object could not be written");
        }
    }

    /// <summary>Takes the folder away with all that is in it.</summary>
    public async ValueTask DeleteAsync()
    {
        try
        {
            if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
            if (await TakeMarkAsync() is { } mark) folders.Remove(Id, mark);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still written to: its mark has it cleared up later.
        }
    }

    /// <summary>The last reader has left: the time until deletion begins.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (await TakeMarkAsync() is not { } mark) return;
            if (Directory.Exists(Path)) folders.Leave(mark);
            else folders.Remove(Id, mark); // who has sent the objects on has taken the folder away
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is full: what the mark said first holds.
        }
    }

    private Task<FileStream?> MarkAsync()
    {
        lock (_lock) return _mark ??= folders.MarkAsync(Id);
    }

    private Task<FileStream?> TakeMarkAsync()
    {
        lock (_lock)
        {
            var mark = _mark ?? Task.FromResult<FileStream?>(null);
            _mark = null;
            return mark;
        }
    }
}
