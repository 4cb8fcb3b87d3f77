using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary>Takes objects as files of a folder.</summary>
/// <param name="path">The folder.</param>
internal sealed class RetrievedFiles(string path) : IStoreHandler
{
    private readonly ObjectFolder _folder = new(path);
    private int _count;

    /// <summary>How many objects have come.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The folder, in full.</summary>
    public string FolderPath => _folder.FolderPath;

    /// <inheritdoc/>
    public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
    {
        await SaveAsync(operation, ct);
        return DimseResult.Success;
    }

    /// <summary>Writes an object.</summary>
    /// <returns>Its file.</returns>
    /// <exception cref="DimseException">It cannot be written, or its UIDs are none.</exception>
    public async ValueTask<string> SaveAsync(StoreOperation operation, CancellationToken ct)
    {
        try
        {
            var request = operation.Request;
            var meta = FileMetaInformation.Create(request.SopClassUid, request.SopInstanceUid, operation.TransferSyntax, operation.Association.CallingAeTitle);
            var file = await _folder.SaveAsync(meta, operation.DataSet.AsStream(leaveOpen: true), ct);
            Interlocked.Increment(ref _count);
            return file;
        }
        catch (ArgumentException e)
        {
            throw new DimseException(DimseStatus.InvalidSopInstance, "the SOP class or instance UID is no UID", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DimseException(DimseStatus.OutOfResources, "the object could not be written", e);
        }
    }
}
