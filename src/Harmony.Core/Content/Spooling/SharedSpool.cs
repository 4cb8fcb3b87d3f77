using System.Runtime.ExceptionServices;
using Harmony.Core.Faults;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// Bytes of one message that several read at the same time, each from the beginning and as fast as it likes, while they still come. A reader
/// that is slow, or gone, holds up no other.
/// </summary>
/// <param name="budget">The limits of all bodies together, and the hard limit of this one.</param>
internal sealed class SharedSpool(BodyBudget budget) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Spool _spool = new(budget, Spool.UsualMemory);
    private TaskCompletionSource _changed = NewSignal();
    private bool _isComplete;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Reads a stream to its end. Readers get what has come; when this fails they do too.</summary>
    /// <param name="source">The stream; not disposed.</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <exception cref="GatewayException">Neither memory nor disk has room; or whatever the stream throws.</exception>
    public async Task FillAsync(Stream source, CancellationToken ct)
    {
        try
        {
            while (await _spool.FillAsync(source, null, ct) > 0) Announce();
            Announce(isComplete: true);
        }
        catch (Exception e)
        {
            Announce(failure: ExceptionDispatchInfo.Capture(e));
            throw;
        }
    }

    /// <summary>A stream over it from its beginning. Several may be open, and none outlives it.</summary>
    public Stream OpenRead() => new Reader(this);

    public void Dispose() => _spool.Dispose();

    /// <summary>Reads at a place, and waits where it has not come yet; 0 at the end.</summary>
    private async ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct)
    {
        while (true)
        {
            // Before the look, so that nothing that comes after it is missed.
            var (changed, isComplete, failure) = State();
            if (buffer.IsEmpty && _spool.Length > at) return 0;
            if (await _spool.ReadAsync(buffer, at, ct) is > 0 and var read) return read;
            failure?.Throw();
            if (isComplete) return 0;
            await changed.WaitAsync(ct);
        }
    }

    private (Task Changed, bool IsComplete, ExceptionDispatchInfo? Failure) State()
    {
        lock (_lock) return (_changed.Task, _isComplete, _failure);
    }

    /// <summary>Lets readers go on.</summary>
    private void Announce(bool isComplete = false, ExceptionDispatchInfo? failure = null)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            (_isComplete, _failure) = (isComplete, failure);
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Reader(SharedSpool spool) : AsyncReadStream
    {
        private long _at;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await spool.ReadAsync(buffer, _at, cancellationToken);
            _at += read;
            return read;
        }
    }
}
