using Harmony.Core.Faults;
using Harmony.Dicom.Coding;

namespace Harmony.Imaging.Dicom;

/// <summary>The rest of a deflated data set after its header, inflated as it is read.</summary>
/// <param name="deflated">The data set from its first byte.</param>
/// <param name="headerLength">Bytes of the header, inflated.</param>
internal sealed class InflatedRest(Stream deflated, long headerLength) : Stream
{
    private Stream? _inflated;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="GatewayException"><see cref="FaultKind.Malformed"/>: it cannot be inflated.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            _inflated ??= await OpenAsync(cancellationToken);
            return await _inflated.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "the object cannot be inflated", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inflated?.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<Stream> OpenAsync(CancellationToken ct)
    {
        var inflated = await DicomReader.InflateAsync(deflated, ct);
        var passedOver = new byte[4096];
        for (var left = headerLength; left > 0;)
        {
            var read = await inflated.ReadAsync(passedOver.AsMemory(0, (int)Math.Min(left, passedOver.Length)), ct);
            if (read == 0) break;
            left -= read;
        }

        return inflated;
    }
}
