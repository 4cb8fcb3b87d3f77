using System.Runtime.ExceptionServices;
using Harmony.Core.Faults;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// A stream whose beginning has been read: gives the beginning first, then the rest, so that it passes as if it had not been read.
/// Read asynchronously only.
/// </summary>
/// <param name="source">The stream; not disposed.</param>
/// <param name="budget">The limits of all bodies together.</param>
internal sealed class LookAhead(Stream source, BodyBudget budget) : AsyncReadStream
{
    private readonly Spool _beginning = new(budget, Spool.UsualMemory);
    private ExceptionDispatchInfo? _failure;
    private long _at;
    private bool _isPast; // the beginning has been read again

    /// <summary>The beginning, which is everything where <see cref="FillAsync"/> says so.</summary>
    public Spool Beginning => _beginning;

    /// <summary>
    /// Reads on until the end, until there is more than a limit, until there is no room, or until something fails, which the reader of the stream then
    /// learns. A second call goes on where the first ended.
    /// </summary>
    /// <param name="limit">Most bytes that may be kept.</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <returns>Whether the whole stream was read.</returns>
    public async ValueTask<bool> FillAsync(long limit, CancellationToken ct)
    {
        if (_isPast || _at > 0) return false;
        try
        {
            while (_failure is null && _beginning.Length <= limit)
            {
                if (await _beginning.FillAsync(source, null, ct) == 0) return true;
            }
        }
        catch (GatewayException e) when (e.FaultSource == FaultSource.Gateway)
        {
            // No room: what has come stays, and nothing more is read before a reader asks.
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        return false;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty && !_isPast) return 0;
        if (!_isPast && await _beginning.ReadAsync(buffer, _at, cancellationToken) is > 0 and var read)
        {
            _at += read;
            return read;
        }

        if (!_isPast) _beginning.Dispose(); // the beginning is read once
        _isPast = true;
        _failure?.Throw();
        return await source.ReadAsync(buffer, cancellationToken);
    }

    /// <summary>Lets go of the beginning. Not done by disposal, because readers dispose what they have opened.</summary>
    public void Release() => _beginning.Dispose();
}
