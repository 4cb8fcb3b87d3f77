using System.Buffers;
using System.Runtime.ExceptionServices;
using Harmony.Core.Faults;
using Harmony.Core.Storage;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// Bytes of one message that several read at the same time, each from the beginning and as fast as it likes, while they still come. A reader
/// that is slow, or gone, holds up nobody. The first 64 KiB are in memory, what follows is in a temporary file.
/// </summary>
internal sealed class SharedSpool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly byte[] _beginning = new byte[Spooler.MostInMemory];
    private SpooledFile? _file;
    private TaskCompletionSource _changed = NewSignal();
    private long _length;
    private bool _isComplete;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Reads a stream to its end. Readers get what has come; when this fails they do too.</summary>
    /// <param name="source">The stream; not disposed.</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <exception cref="GatewayException">The file cannot be made or written, such as on a full disk; or whatever the stream throws.</exception>
    public async Task FillAsync(Stream source, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Spooler.MostInMemory);
        try
        {
            while (await source.ReadAsync(buffer, ct) is > 0 and var count) await AppendAsync(buffer.AsMemory(0, count), ct);
            Announce(0, isComplete: true);
        }
        catch (Exception e)
        {
            Announce(0, failure: ExceptionDispatchInfo.Capture(e));
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads at a place, and waits where it has not come yet; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct)
    {
        var available = await AvailableAsync(at, ct);
        if (available == 0 || buffer.IsEmpty) return 0;
        buffer = buffer[..(int)Math.Min(buffer.Length, available)];
        if (at >= _beginning.Length) return await _file!.ReadAsync(buffer, at - _beginning.Length, ct);
        var count = (int)Math.Min(buffer.Length, _beginning.Length - at);
        _beginning.AsSpan((int)at, count).CopyTo(buffer.Span);
        return count;
    }

    /// <summary>A stream over it from its beginning. Several may be open, and none outlives it.</summary>
    public Stream OpenRead() => new SharedSpoolStream(this);

    public void Dispose() => _file?.Dispose();

    private async ValueTask<long> AvailableAsync(long at, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_length > at) return _length - at;
                _failure?.Throw();
                if (_isComplete) return 0;
                changed = _changed.Task;
            }

            await changed.WaitAsync(ct);
        }
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var inMemory = (int)Math.Min(bytes.Length, Math.Max(0, _beginning.Length - _length));
        bytes.Span[..inMemory].CopyTo(_beginning.AsSpan((int)Math.Min(_length, _beginning.Length)));
        if (inMemory < bytes.Length) await AppendToFileAsync(bytes[inMemory..], ct);
        Announce(bytes.Length);
    }

    private async ValueTask AppendToFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            _file ??= SpooledFile.Create();
            await _file.AppendAsync(bytes, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, Path.GetTempPath());
        }
    }

    /// <summary>Lets readers go on.</summary>
    private void Announce(int count, bool isComplete = false, ExceptionDispatchInfo? failure = null)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _length += count;
            _isComplete = isComplete;
            _failure = failure;
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
