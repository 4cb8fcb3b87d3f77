using Harmony.Core.Faults;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Modules.Adapters.Dimse;

/// <summary>An object as it comes in by C-STORE: the beginning of a Part 10 file, then the data set from the association.</summary>
/// <param name="beginning">Preamble and file meta information.</param>
/// <param name="dataSet">The data set.</param>
/// <param name="exchange">Counts the bytes.</param>
internal sealed class ObjectStream(ReadOnlyMemory<byte> beginning, Stream dataSet, DimseExchange exchange) : Stream
{
    private ReadOnlyMemory<byte> _beginning = beginning;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="GatewayException"><see cref="FaultKind.ClientGone"/>: the association ended before the object had come.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_beginning.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _beginning.Length);
            _beginning[..count].CopyTo(buffer);
            _beginning = _beginning[count..];
            return count;
        }

        try
        {
            var read = await dataSet.ReadAsync(buffer, cancellationToken);
            exchange.BytesIn += read;
            return read;
        }
        catch (AssociationEndedException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the association ended before the object had come", e);
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
}
