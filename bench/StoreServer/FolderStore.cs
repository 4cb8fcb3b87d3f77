using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;

namespace StoreServer;

/// <summary>Writes each object to a file: under another name first, synchronised, then renamed, as the gateway does.</summary>
internal sealed class FolderStore(string folder) : IStoreHandler
{
    public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
    {
        var path = Path.Combine(folder, operation.Request.SopInstanceUid);
        await using (var file = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            await operation.WritePart10Async(file, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".tmp", path, overwrite: true);
        return DimseStatus.Success;
    }
}
