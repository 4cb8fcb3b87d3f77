using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Modules.Services.DicomScu.Receiving;

/// <summary>The folder of one retrieval. Takes the objects that come for it, on several associations at once where the other side wants that.</summary>
/// <param name="path">The folder; made with the first object.</param>
internal sealed class RetrievalFolder(string path) : IStoreHandler
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly ObjectFolder _folder = new(path);

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
            var file = await _folder.SaveAsync(meta, dataSet, ct);
            lock (_lock) _files.Add(file);
            return DimseResult.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DimseResult(DimseStatus.OutOfResources, "the object could not be written");
        }
    }

    /// <summary>Takes the folder away with all that is in it.</summary>
    public void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or still written to: nothing more can be done about it here.
        }
    }
}
