using Harmony.Core.Content;
using Harmony.Core.Faults;

namespace Harmony.Imaging.Dicom;

/// <summary>
/// Reads a stream that can be read once, and keeps its beginning until <see cref="Rewind"/>, so that it can be read again; what follows streams.
/// </summary>
/// <param name="source">The stream; not disposed.</param>
/// <param name="limit">Most bytes that are kept; more bytes are a fault of the sender.</param>
internal sealed class ReplayStream(Stream source, long limit) : AsyncReadStream
{
    private MemoryStream? _kept = new();
    private long _limit = limit;
    private long _at; // below the kept length: replaying
    private bool _isKeeping = true;

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    /// <summary>The next read begins at a place that was read before, counted from the beginning. What comes after what is kept is not kept.</summary>
    /// <exception cref="InvalidOperationException">More than the beginning was read already.</exception>
    public void Rewind(long to = 0)
    {
        _at = to <= _kept?.Length ? to : throw new InvalidOperationException("the beginning is no longer kept");
        _isKeeping = false;
    }

    /// <summary>More is to be read for now: it is kept, too, until the next <see cref="Rewind"/>.</summary>
    public void Keep(long limit) => (_isKeeping, _limit) = (true, limit);

    /// <exception cref="GatewayException"><see cref="FaultKind.TooLarge"/> when there is more to keep than the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_kept is not null && _at < _kept.Length) return Replay(buffer.Span);
        if (!_isKeeping) _kept = null;
        var read = await source.ReadAsync(buffer, cancellationToken);
        if (_kept is not null) Add(buffer.Span[..read]);
        return read;
    }

    private int Replay(Span<byte> buffer)
    {
        _kept!.Position = _at;
        var read = _kept.Read(buffer);
        _at += read;
        return read;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        _kept!.Position = _at;
        _kept.Write(bytes);
        _at += bytes.Length;
        // Kept first: who only looks reads from the beginning again, and nothing is missing then.
        if (_at > _limit) throw new GatewayException(FaultSource.Client, FaultKind.TooLarge, $"the header of the object is larger than {_limit} bytes");
    }
}
