using System.Threading.Channels;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>A request that was sent, and the responses to it.</summary>
internal sealed class Invocation : IDisposable
{
    /// <summary>Responses that may wait; when there are more, the peer has to.</summary>
    private const int MaxWaiting = 64;

    private readonly Channel<IncomingResponse> _responses = Channel.CreateBounded<IncomingResponse>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });
    private readonly DimseSession _session;
    private readonly Deadline _deadline;
    private readonly CancellationTokenSource _silence = new(); // never disposed of: the deadline may pass at that very moment
    private readonly Lock _lock = new();
    private volatile bool _isAwaited;

    public Invocation(DimseSession session, PresentationContext context, ushort messageId, TimeProvider time)
    {
        (_session, Context, MessageId) = (session, context, messageId);
        _deadline = new Deadline(time, Expired);
    }

    /// <summary>Where it was sent.</summary>
    public PresentationContext Context { get; }

    /// <summary>The number of the request.</summary>
    public ushort MessageId { get; }

    /// <summary>Whether a response has come that is not pending.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Waits for the next response.</summary>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    /// <exception cref="AssociationTimeoutException">The peer has said nothing for too long; the association is aborted.</exception>
    public async ValueTask<IncomingResponse> NextAsync(CancellationToken ct)
    {
        try
        {
            var response = _responses.Reader.TryRead(out var there) ? there : await ReadAsync(ct);
            IsFinished = !response.Response.Status.IsPending;
            return response;
        }
        catch (OperationCanceledException) when (_silence.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            await _session.AbortAsync(new AssociationEnd(AssociationEndKind.TimedOut, "the peer did not respond to a request in time"));
            throw new AssociationTimeoutException("the peer did not respond", _session.Options.ResponseTimeout);
        }
        catch (ChannelClosedException e) when (e.InnerException is AssociationEndedException ended)
        {
            throw new AssociationEndedException(ended.End);
        }
    }

    /// <summary>
    /// The peer lives: something of it has come. Its time counts only while it is waited for: data that this side does not take are not the peer's silence.
    /// </summary>
    public void Extend()
    {
        lock (_lock)
        {
            if (_isAwaited) _deadline.Set(_session.Options.ResponseTimeout);
        }
    }

    /// <summary>Asks the peer to end the operation; the last response tells whether it did.</summary>
    public ValueTask CancelAsync() => _session.SendAsync(Context, new CCancelRequest { MessageIdBeingRespondedTo = MessageId }, null, CancellationToken.None);

    public ValueTask DeliverAsync(IncomingResponse response) => _responses.Writer.WriteAsync(response);

    public void End(AssociationEndedException cause) => _responses.Writer.TryComplete(cause);

    public void Dispose()
    {
        _session.Forget(this);
        _responses.Writer.TryComplete();
        _deadline.Dispose();
    }

    private async ValueTask<IncomingResponse> ReadAsync(CancellationToken ct)
    {
        Await(true);
        try
        {
            if (!ct.CanBeCanceled) return await _responses.Reader.ReadAsync(_silence.Token);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _silence.Token);
            return await _responses.Reader.ReadAsync(either.Token);
        }
        finally
        {
            Await(false);
        }
    }

    private void Await(bool isAwaited)
    {
        lock (_lock)
        {
            _isAwaited = isAwaited;
            _deadline.Set(isAwaited ? _session.Options.ResponseTimeout : Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>While this side performs what the peer has asked for (the C-STORE of a C-GET), the peer waits for this side.</summary>
    private void Expired()
    {
        if (_session.IsPerforming) Extend();
        else if (_isAwaited) _silence.Cancel();
    }
}

/// <summary>A response of the peer.</summary>
/// <param name="Response">The response.</param>
/// <param name="DataSet">The bytes of its data set; null if it has none.</param>
internal sealed record IncomingResponse(DimseResponse Response, ReadOnlyMemory<byte>? DataSet);
