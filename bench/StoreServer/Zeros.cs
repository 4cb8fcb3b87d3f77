using Harmony.Dicom.Data;

namespace StoreServer;

/// <summary>Black pixels, which take no memory.</summary>
internal sealed class Zeros(long length) : BulkData
{
    public override long? Length => length;

    public override ValueTask<Stream> OpenAsync(CancellationToken ct) => new(File.OpenRead("/dev/zero"));
}
