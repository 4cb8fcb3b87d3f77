using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Transport;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>
/// Messages over one association, in both directions: requests of this side and their responses, requests of the peer and who performs them.
/// Those of the peer are performed one at a time (PS3.7 §D.3.3.3: the window is 1), beside the reading.
/// </summary>
internal sealed class DimseSession : IUpperLayerUser, IDisposable
{
    private readonly INegotiator _negotiator;
    private readonly ProtocolMachine _machine;
    private readonly MessageReceiver _receiver;
    private readonly ConcurrentDictionary<ushort, Invocation> _invocations = new();
    private readonly Lock _lock = new();
    private Task _performing = Task.CompletedTask;
    private (ushort MessageId, CancellationTokenSource Cancel)? _performed;
    private PresentationContext?[] _contexts = [];
    private bool _isReleaseRequested;
    private int _lastMessageId;

    public DimseSession(DicomConnection connection, bool isRequestor, UpperLayerOptions layerOptions, SessionOptions options, INegotiator negotiator)
    {
        (Options, _negotiator) = (options, negotiator);
        _receiver = new MessageReceiver(ContextOf, options.MaxIdentifierLength, RequestedAsync, RespondedAsync);
        _machine = new ProtocolMachine(connection, isRequestor, layerOptions, this);
    }

    /// <summary>Times and limits.</summary>
    public SessionOptions Options { get; }

    /// <summary>Performs requests of the peer. It does not throw.</summary>
    public Func<IncomingRequest, Task>? Perform { get; set; }

    /// <summary>Trips when the association ends.</summary>
    public CancellationToken Ended => _machine.Ended;

    /// <summary>How the association ended, once that is known.</summary>
    public Task<AssociationEnd> End => _machine.End;

    /// <summary>Whether requests can be sent.</summary>
    public bool IsEstablished => _machine.IsEstablished;

    /// <summary>Whether a request of the peer is being performed.</summary>
    public bool IsPerforming
    {
        get
        {
            lock (_lock) return _performed is not null;
        }
    }

    bool IUpperLayerUser.IsInMessage => _receiver.IsInMessage;

    /// <summary>Who performs or awaits something has a limit of his own for it.</summary>
    TimeSpan IUpperLayerUser.Patience => IsPerforming || !_invocations.IsEmpty ? Timeout.InfiniteTimeSpan : Options.IdleTimeout;

    public async Task<AssociationEnd> AcceptAsync()
    {
        var end = await _machine.AcceptAsync();
        await _performing;
        return end;
    }

    public async Task<AssociationEnd> RequestAsync(AssociateRequestPdu request)
    {
        var end = await _machine.RequestAsync(request);
        await _performing;
        return end;
    }

    public ValueTask ReleaseAsync() => _machine.ReleaseAsync();

    public ValueTask AbortAsync(AssociationEnd end) => _machine.AbortAsync(end);

    /// <summary>Sends a request. Its number is its own, if it has one, else the next of the association.</summary>
    /// <returns>What its responses come to; to be disposed after the last.</returns>
    public async ValueTask<Invocation> InvokeAsync(PresentationContext context, DimseRequest request, Func<Stream, CancellationToken, ValueTask>? writeDataSet, CancellationToken ct)
    {
        var invocation = new Invocation(this, context, request.MessageId != 0 ? request.MessageId : NextMessageId(), Options.TimeProvider);
        _invocations[invocation.MessageId] = invocation;
        try
        {
            await SendAsync(context, request with { MessageId = invocation.MessageId }, writeDataSet, ct);
            return invocation;
        }
        catch
        {
            invocation.Dispose();
            throw;
        }
    }

    /// <summary>Sends a message.</summary>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    public ValueTask SendAsync(PresentationContext context, DimseMessage message, Func<Stream, CancellationToken, ValueTask>? writeDataSet, CancellationToken ct)
        => _machine.SendMessageAsync(context.Id, (message with { HasDataSet = writeDataSet is not null }).ToBytes(), writeDataSet, ct);

    public void Forget(Invocation invocation)
    {
        _invocations.TryRemove(invocation.MessageId, out _);
        _machine.RenewPatience();
    }

    public void Dispose() => _machine.Dispose();

    async ValueTask<Pdu> IUpperLayerUser.RequestedAsync(AssociateRequestPdu request)
    {
        var (answer, contexts) = await _negotiator.AnswerAsync(request, Ended);
        SetContexts(contexts);
        return answer;
    }

    void IUpperLayerUser.Accepted(AssociateAcceptPdu accept) => SetContexts(_negotiator.Accepted(accept));

    ValueTask IUpperLayerUser.DataAsync(PdvHeader header, ReadOnlySequence<byte> bytes, bool isEnd)
    {
        if (isEnd)
        {
            foreach (var invocation in _invocations.Values) invocation.Extend();
        }

        return _receiver.ReceiveAsync(header, bytes, isEnd);
    }

    async ValueTask IUpperLayerUser.ReleaseRequestedAsync()
    {
        lock (_lock)
        {
            // Some ask for release before the last response has come. They get it first.
            _isReleaseRequested = _performed is not null;
            if (_isReleaseRequested) return;
        }

        await _machine.RespondReleaseAsync();
    }

    async ValueTask IUpperLayerUser.EndedAsync(AssociationEnd end)
    {
        var cause = new AssociationEndedException(end);
        await _receiver.EndAsync(cause);
        foreach (var invocation in _invocations.Values) invocation.End(cause);
    }

    private ushort NextMessageId()
    {
        // One that a caller has chosen may still be waited for.
        ushort next;
        do
        {
            next = (ushort)Interlocked.Increment(ref _lastMessageId);
        }
        while (next == 0 || _invocations.ContainsKey(next));
        return next;
    }

    private PresentationContext? ContextOf(byte id) => id < _contexts.Length ? _contexts[id] : null;

    private void SetContexts(IReadOnlyList<PresentationContext> contexts)
    {
        var byId = new PresentationContext?[256];
        foreach (var context in contexts) byId[context.Id] = context;
        _contexts = byId;
    }

    private async ValueTask RequestedAsync(DimseMessage message, PresentationContext context, PipeReader? dataSet)
    {
        if (message is CCancelRequest cancel)
        {
            await CancelAsync(cancel);
            if (dataSet is not null) await dataSet.CompleteAsync();
            return;
        }

        // The last response may have been sent a moment ago: the peer is right to go on.
        await _performing;
        var canceled = new CancellationTokenSource();
        var request = (DimseRequest)message;
        lock (_lock) _performed = (request.MessageId, canceled);
        _performing = Task.Run(() => PerformAsync(new IncomingRequest(request, context, dataSet, canceled.Token), canceled), CancellationToken.None);
    }

    private async Task PerformAsync(IncomingRequest incoming, CancellationTokenSource canceled)
    {
        if (Perform is { } perform) await perform(incoming);
        if (incoming.DataSet is { } dataSet) await dataSet.CompleteAsync();
        bool isReleaseRequested;
        lock (_lock)
        {
            _performed = null;
            isReleaseRequested = _isReleaseRequested;
        }

        canceled.Dispose();
        if (isReleaseRequested) await _machine.RespondReleaseAsync();
        else _machine.RenewPatience();
    }

    private Task CancelAsync(CCancelRequest cancel)
    {
        lock (_lock)
        {
            // One that has ended before is none any more: PS3.7 §9.3.2.3.
            return _performed is { } performed && performed.MessageId == cancel.MessageIdBeingRespondedTo ? performed.Cancel.CancelAsync() : Task.CompletedTask;
        }
    }

    private ValueTask RespondedAsync(IncomingResponse response)
        => _invocations.TryGetValue(response.Response.MessageIdBeingRespondedTo, out var invocation) ? invocation.DeliverAsync(response) : default;
}
