using System.Buffers;

namespace Harmony.Core.Content;

/// <summary>
/// Bytes on their way through that become others piece by piece: what has come is handed to <see cref="Rewrite"/>, and what it cannot judge yet is handed to
/// it again with what follows.
/// </summary>
/// <param name="source">What is read; disposed with the stream.</param>
/// <param name="mostPending">How many bytes may wait for what follows. A piece starts with 64 KiB, and grows only while nothing of it can be judged.</param>
/// <param name="length">How many bytes come, where that is known: then <see cref="Rewrite"/> learns with the last of them that they are the last.</param>
public abstract class RewritingStream(Stream source, long mostPending = RewritingStream.Piece, long? length = null) : AsyncReadStream
{
    private const int Piece = 64 * 1024, Room = 512;

    private byte[]? _input = ArrayPool<byte>.Shared.Rent(Piece);
    private ArrayBufferWriter<byte>? _output; // as large as what comes first needs: most bodies are small
    private int _filled;
    private long _received;
    private int _taken;
    private bool _hasEnded;

    /// <summary>Where <see cref="Rewrite"/> writes.</summary>
    protected ArrayBufferWriter<byte> Output => _output ??= new ArrayBufferWriter<byte>(_filled + Room);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        ObjectDisposedException.ThrowIf(_input is null, this);
        while (_output is null || _taken == _output.WrittenCount)
        {
            if (_hasEnded) return 0;
            _output?.ResetWrittenCount();
            _taken = 0;
            if (_filled == _input.Length) Grow();
            var read = await source.ReadAsync(_input.AsMemory(_filled), cancellationToken);
            _hasEnded = read == 0; // read in any case: behind the last bytes the source may have trailers, and a connection to give back
            _filled += read;
            _received += read;
            var used = Rewrite(_input.AsSpan(0, _filled), _hasEnded || _received >= length);
            _input.AsSpan(used, _filled - used).CopyTo(_input);
            _filled -= used;
        }

        var count = Math.Min(buffer.Length, _output.WrittenCount - _taken);
        _output.WrittenSpan.Slice(_taken, count).CopyTo(buffer.Span);
        _taken += count;
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_input is not null) ArrayPool<byte>.Shared.Return(_input);
        _input = null;
        await source.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes to <see cref="Output"/> what becomes of what has come.</summary>
    /// <param name="input">What has come and is not done with.</param>
    /// <param name="isLast">Whether nothing follows: then all of it has to be judged.</param>
    /// <returns>How many bytes are done with.</returns>
    protected abstract int Rewrite(ReadOnlySpan<byte> input, bool isLast);

    /// <summary>What happens when more bytes wait than may.</summary>
    /// <param name="most">How many may.</param>
    protected virtual Exception TooLong(long most) => new IOException($"more than {most} bytes would have to be held to be judged");

    private void Grow()
    {
        if (_input!.Length >= mostPending) throw TooLong(mostPending);
        var larger = ArrayPool<byte>.Shared.Rent(_input.Length * 2);
        _input.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_input);
        _input = larger;
    }
}
