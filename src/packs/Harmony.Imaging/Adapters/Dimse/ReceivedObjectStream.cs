using Harmony.Core.Content;
using Harmony.Core.Faults;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>An object as it comes in by C-STORE: the beginning of a Part 10 file, then the data set from the association.</summary>
/// <param name="beginning">Preamble and file meta information.</param>
/// <param name="dataSet">The data set.</param>
/// <param name="exchange">Counts the bytes.</param>
internal sealed class ReceivedObjectStream(ReadOnlyMemory<byte> beginning, Stream dataSet, DimseExchange exchange) : AsyncReadStream
{
    private ReadOnlyMemory<byte> _beginning = beginning;

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
}
