using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>The next bytes of a source, to be read once.</summary>
internal sealed class ByteSourceBulkData(ByteSource source, long length, bool isBigEndian) : BulkData
{
    public override long? Length => length;

    public override bool IsBigEndian => isBigEndian;

    public override ValueTask<Stream> OpenAsync(CancellationToken ct) => new(new ByteSourceStream(source, length));
}
