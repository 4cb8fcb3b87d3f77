using System.Buffers;

namespace Harmony.Core.Content;

/// <summary>
/// Bytes on their way through that become others piece by piece: what has come is handed to <see cref="Rewrite"/>, and what it cannot judge yet is handed to
/// it again with what follows.
/// </summary>
/// <param name="source">The source; disposed with the stream.</param>
/// <param name="mostPending">How many bytes may wait for what follows. A piece starts with 64 KiB, and grows only while nothing of it can be judged.</param>
/// <param name="length">How many bytes come, where that is known: then <see cref="Rewrite"/> learns with the last of them that they are the last.</param>
public abstract class RewritingStream(Stream source, long mostPending = RewritingStream.Piece, long? length = null) : AsyncReadStream
{
    private const int Piece = 64 * 1024, Room = 512;

    private byte[]? _input; // taken from the pool when something is to be read, and given back when all has been handed out
    private ArrayBufferWriter<byte>? _output; // as large as what comes first needs: most bodies are small
    private ReadOnlyMemory<byte> _ready; // what is to be handed out: of the output, or of the input where that passes as it is
    private int _filled;
    private long _received;
    private bool _hasEnded, _isDisposed;

    /// <summary>The output of <see cref="Rewrite"/>.</summary>
    protected ArrayBufferWriter<byte> Output => _output ??= new ArrayBufferWriter<byte>(_filled + Room);

    private bool IsLast => _hasEnded || _received >= length;

    /// <summary>
    /// Reads until there is something to hand out, or the end: what is wrong with the beginning shows before anything has been passed on.
    /// </summary>
    /// <param name="ct">Ends the wait for the source.</param>
    /// <returns>How many bytes there will be, where that is known by now.</returns>
    public async ValueTask<long?> BeginAsync(CancellationToken ct)
    {
        await FillAsync(ct);
        return IsLast ? _ready.Length : null;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return buffer.IsEmpty || !_ready.IsEmpty ? new ValueTask<int>(Take(buffer.Span)) : ReadNextAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _ready = default;
        GiveBack();
        await source.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes to <see cref="Output"/> what becomes of what has come.</summary>
    /// <param name="input">The received bytes that are not processed yet.</param>
    /// <param name="isLast">Whether nothing follows: then all of it has to be judged.</param>
    /// <returns>How many bytes are done with.</returns>
    protected abstract int Rewrite(ReadOnlySpan<byte> input, bool isLast);

    /// <summary>Whether all that has come passes as it is, which saves its way through <see cref="Output"/>. <see cref="Rewrite"/> is not asked then.</summary>
    /// <param name="input">The received bytes that are not processed yet.</param>
    /// <param name="isLast">Whether nothing follows.</param>
    protected virtual bool LeavesAlone(ReadOnlySpan<byte> input, bool isLast) => false;

    /// <summary>Called when more bytes wait than allowed.</summary>
    /// <param name="most">How many may.</param>
    protected virtual Exception TooLong(long most) => new IOException($"more than {most} bytes would have to be held to be judged");

    private async ValueTask<int> ReadNextAsync(Memory<byte> buffer, CancellationToken ct)
    {
        await FillAsync(ct);
        return Take(buffer.Span);
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        while (_ready.IsEmpty && !_hasEnded)
        {
            _output?.ResetWrittenCount();
            _input ??= ArrayPool<byte>.Shared.Rent((int)Math.Clamp((length ?? Piece) - _received, 1, Piece));
            if (_filled == _input.Length) Grow();
            var read = await source.ReadAsync(_input.AsMemory(_filled), ct);
            _hasEnded = read == 0; // read in any case: behind the last bytes the source may have trailers, and a connection to give back
            _filled += read;
            _received += read;
            if (LeavesAlone(_input.AsSpan(0, _filled), IsLast))
            {
                (_ready, _filled) = (_input.AsMemory(0, _filled), 0);
                continue;
            }

            var used = Rewrite(_input.AsSpan(0, _filled), IsLast);
            _input.AsSpan(used, _filled - used).CopyTo(_input);
            _filled -= used;
            if (_output is not null) _ready = _output.WrittenMemory;
        }
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _ready.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        if (_ready.IsEmpty && IsLast) GiveBack();
        return count;
    }

    private void GiveBack()
    {
        if (_input is not null) ArrayPool<byte>.Shared.Return(_input);
        _input = null;
    }

    private void Grow()
    {
        if (_input!.Length >= mostPending) throw TooLong(mostPending);
        var larger = ArrayPool<byte>.Shared.Rent(_input.Length * 2);
        _input.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_input);
        _input = larger;
    }
}
