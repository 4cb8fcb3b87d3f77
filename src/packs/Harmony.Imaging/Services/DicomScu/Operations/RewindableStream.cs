using System.Buffers;
using Harmony.Core.Content;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>
/// The bytes of an object, which can be read again from the beginning as long as no more of them were read than may be kept in memory; those
/// of a stream that can seek always can.
/// </summary>
/// <param name="source">The bytes; not disposed.</param>
/// <param name="limit">Most bytes that are kept.</param>
internal sealed class RewindableStream(Stream source, long limit) : AsyncReadStream
{
    private const int SegmentSize = 64 * 1024;

    private readonly long _start = source.CanSeek ? source.Position : 0;
    private List<byte[]>? _segments = source.CanSeek ? null : [];
    private Task<int>? _reading; // into the last segment
    private readonly CancellationTokenSource _end = new();
    private long _kept;
    private long _at;

    /// <summary>Whether the bytes can be read again.</summary>
    public bool CanRewind => source.CanSeek || _segments is not null;

    /// <summary>The next read begins at the beginning.</summary>
    /// <exception cref="InvalidOperationException">Too much was read.</exception>
    public void Rewind()
    {
        if (!CanRewind) throw new InvalidOperationException("the beginning is no longer kept");
        if (source.CanSeek) source.Position = _start;
        _at = 0;
    }

    /// <summary>
    /// Reads, or reads again. A cancelled wait does not stop the read: the source is a client's body, which cannot be read further after a read
    /// was cancelled, and the next try goes on where this one stopped.
    /// </summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_segments is null || (_at == _kept && _kept == limit)) return await ReadOnAsync(buffer, cancellationToken);
        if (_at == _kept) await KeepMoreAsync(cancellationToken);
        return _at == _kept ? 0 : Replay(buffer.Span);
    }

    /// <summary>Ends a read that is no longer awaited, so that it does not write into a buffer of the next request.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_reading is { } reading) await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LetGo();
        _end.Dispose();
        await base.DisposeAsync();
    }

    private int Replay(Span<byte> buffer)
    {
        var within = (int)(_at % SegmentSize);
        var count = (int)Math.Min(Math.Min(buffer.Length, SegmentSize - within), _kept - _at);
        _segments![(int)(_at / SegmentSize)].AsSpan(within, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    /// <summary>Reads what is not kept. Only the end of the source leaves what was kept of use.</summary>
    private async ValueTask<int> ReadOnAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var read = await source.ReadAsync(buffer, ct);
        if (read > 0 && _segments is not null) LetGo();
        return read;
    }

    private async ValueTask KeepMoreAsync(CancellationToken ct)
    {
        if (_reading is null)
        {
            var within = (int)(_kept % SegmentSize);
            if (within == 0) _segments!.Add(ArrayPool<byte>.Shared.Rent(SegmentSize));
            _reading = source.ReadAsync(_segments![^1].AsMemory(within, (int)Math.Min(SegmentSize - within, limit - _kept)), _end.Token).AsTask();
        }

        var read = await _reading.WaitAsync(ct);
        _reading = null;
        _kept += read;
    }

    private void LetGo()
    {
        foreach (var segment in _segments ?? []) ArrayPool<byte>.Shared.Return(segment, clearArray: true); // they hold a patient's image
        _segments = null;
    }
}
