using Harmony.Core.Envelope;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// Takes bytes from a stream and keeps them: in memory while they are few and the budget has room, in a temporary file from there on. One writer; any
/// number of readers at the same time, each at a place of its own.
/// </summary>
/// <remarks>
/// Memory always holds the end, the bytes behind those in the file. So a disk that takes no more loses nothing: what was read can be read again.
/// </remarks>
/// <param name="budget">The limits of all bodies together.</param>
/// <param name="mostInMemory">Bytes that stay in memory before a file is made.</param>
internal sealed class Spool(BodyBudget budget, long mostInMemory) : IDisposable
{
    /// <summary>Bytes in memory of a body that is only passed on.</summary>
    public const int UsualMemory = 64 * 1024;

    /// <summary>Size of the first buffer where no length is declared; it is granted whatever the budget says.</summary>
    private const int FirstBuffer = 4 * 1024;

    private readonly Lock _lock = new();
    private byte[] _memory = [];
    private int _inMemory;
    private long _inFile;
    private HeldMemory? _held;
    private SpooledFile? _file;

    /// <summary>Bytes taken so far.</summary>
    public long Length
    {
        get
        {
            lock (_lock) return _inFile + _inMemory;
        }
    }

    /// <summary>Whether there is a file.</summary>
    public bool IsInFile => _file is not null;

    /// <summary>Takes what one read of the source gives.</summary>
    /// <param name="source">The stream; not disposed.</param>
    /// <param name="declared">The length the sender declared, or null. Trusted only as far as a wrong length does no harm.</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <returns>How many bytes came; 0 at the end.</returns>
    /// <exception cref="Faults.GatewayException">Neither memory nor disk has room. What came before is kept, and the source was not read.</exception>
    public async ValueTask<int> FillAsync(Stream source, long? declared, CancellationToken ct)
    {
        if (_inMemory == _memory.Length) await MakeRoomAsync(declared, ct);
        var read = await source.ReadAsync(_memory.AsMemory(_inMemory), ct);
        lock (_lock) _inMemory += read;
        return read;
    }

    /// <summary>Reads at a place; 0 where nothing has come yet.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct)
    {
        int available;
        lock (_lock)
        {
            if (at >= _inFile)
            {
                var start = (int)Math.Min(at - _inFile, _inMemory);
                var count = Math.Min(buffer.Length, _inMemory - start);
                _memory.AsSpan(start, count).CopyTo(buffer.Span);
                return new ValueTask<int>(count);
            }

            available = (int)Math.Min(buffer.Length, _inFile - at);
        }

        return _file!.ReadAsync(buffer[..available], at, ct);
    }

    /// <summary>Ends the filling and hands the bytes over as the source of a body; this spool is empty then.</summary>
    /// <exception cref="Faults.GatewayException">Neither memory nor disk has room; everything is as before.</exception>
    public async ValueTask<BodySource> CompleteAsync(CancellationToken ct)
    {
        if (_file is null)
        {
            var memory = new MemorySource(_memory.AsMemory(0, _inMemory), _held);
            _held = null;
            return memory;
        }

        await FlushAsync(ct);
        _held?.Dispose();
        var file = new FileSource(_file);
        (_file, _held) = (null, null);
        return file;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _held?.Dispose();
        _held = null;
    }

    private async ValueTask MakeRoomAsync(long? declared, CancellationToken ct)
    {
        // One byte more than there should be, so that the end is seen without growing.
        var most = Math.Min(mostInMemory, Array.MaxLength - 1) + 1;
        var first = declared is { } length ? Math.Clamp(length + 1, 1, UsualMemory) : FirstBuffer;
        var size = (int)Math.Min(most, _memory.Length == 0 ? first : _memory.Length * 2L);
        if (_file is null && size > _memory.Length && TryGrow(size)) return;
        if (_memory.Length == 0) Resize(FirstBuffer);
        else await FlushAsync(ct);
    }

    private bool TryGrow(int size)
    {
        if (size > FirstBuffer && _held is null) _held = budget.TryHold(size);
        else if (size > FirstBuffer && !_held!.TryResize(size)) return false;
        if (size > FirstBuffer && _held is null) return false;
        Resize(size);
        return true;
    }

    private void Resize(int size)
    {
        var memory = new byte[size];
        lock (_lock)
        {
            _memory.AsSpan(0, _inMemory).CopyTo(memory);
            _memory = memory;
        }
    }

    /// <summary>Moves what is in memory to the file.</summary>
    private async ValueTask FlushAsync(CancellationToken ct)
    {
        if (_inMemory == 0) return;
        _file ??= SpooledFile.Create(budget);
        await _file.AppendAsync(_memory.AsMemory(0, _inMemory), ct);
        lock (_lock) (_inFile, _inMemory) = (_inFile + _inMemory, 0);
        if (_memory.Length <= UsualMemory + 1) return;
        Resize(UsualMemory);
        _held?.TryResize(UsualMemory);
    }
}
