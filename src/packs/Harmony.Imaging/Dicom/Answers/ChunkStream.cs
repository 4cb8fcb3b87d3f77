using Harmony.Core.Content;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// A body that is made while it is read: nobody makes more of it than the reader takes. Whoever lets go of it early ends its making.
/// </summary>
/// <param name="chunks">Makes it, piece by piece.</param>
/// <param name="stop">Ends the making early; disposed with the stream.</param>
/// <param name="source">What it is made of, disposed with the stream even if nobody has begun to read; null for nothing that needs it.</param>
internal sealed class ChunkStream(IAsyncEnumerator<ReadOnlyMemory<byte>> chunks, CancellationTokenSource stop, IAsyncDisposable? source) : AsyncReadStream
{
    private ReadOnlyMemory<byte> _rest;
    private bool _hasEnded;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && !_hasEnded)
        {
            await using var registration = cancellationToken.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), stop);
            while (_rest.IsEmpty && !_hasEnded)
            {
                _hasEnded = !await chunks.MoveNextAsync();
                _rest = _hasEnded ? default : chunks.Current;
            }
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await chunks.DisposeAsync();
        if (source is not null) await source.DisposeAsync();
        stop.Dispose();
        await base.DisposeAsync();
    }
}
