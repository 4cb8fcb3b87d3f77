using System.Buffers;
using System.IO.Pipelines;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Transport;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>Times and limits of messages.</summary>
/// <param name="IdleTimeout">How long the peer may say nothing when nothing is going on.</param>
/// <param name="ResponseTimeout">How long the peer may say nothing when a response is due.</param>
/// <param name="MaxIdentifierLength">The longest data set of a response.</param>
/// <param name="TimeProvider">The clock.</param>
internal sealed record SessionOptions(TimeSpan IdleTimeout, TimeSpan ResponseTimeout, int MaxIdentifierLength, TimeProvider TimeProvider);

/// <summary>Agrees about an association.</summary>
internal interface INegotiator
{
    /// <summary>Answers a request.</summary>
    /// <returns>A-ASSOCIATE-AC or A-ASSOCIATE-RJ, and what was agreed.</returns>
    ValueTask<(Pdu Answer, IReadOnlyList<PresentationContext> Contexts)> AnswerAsync(AssociateRequestPdu request, CancellationToken ct);

    /// <summary>Takes the peer's acceptance.</summary>
    /// <returns>What was agreed.</returns>
    /// <exception cref="PduException">It was not proposed.</exception>
    IReadOnlyList<PresentationContext> Accepted(AssociateAcceptPdu accept);
}

/// <summary>
/// Messages over one association, in both directions: requests of this side and their responses, requests of the peer and who performs them.
/// Those of the peer are performed one at a time (PS3.7 §D.3.3.3: the window is 1), beside the reading.
/// </summary>
internal sealed class DimseSession : IUpperLayerUser, IDisposable
{
    private readonly INegotiator _negotiator;
    private readonly ProtocolMachine _machine;
    private readonly MessageReceiver _receiver;
    /// <summary>Requests of the peer that may wait: it should send none before the last response, but some do.</summary>
    private const int MaxWaiting = 16;

    private readonly Dictionary<ushort, Invocation> _invocations = []; // under the lock, as all below
    private readonly Lock _lock = new();
    private readonly List<PerformedRequest> _performed = []; // the first is being performed, the others wait
    private Task _performing = Task.CompletedTask;
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
            lock (_lock) return _performed.Count > 0;
        }
    }

    bool IUpperLayerUser.IsInMessage => _receiver.IsInMessage;

    /// <summary>While an operation runs, its own time-out applies.</summary>
    TimeSpan IUpperLayerUser.Patience
    {
        get
        {
            lock (_lock) return _performed.Count > 0 || _invocations.Count > 0 ? Timeout.InfiniteTimeSpan : Options.IdleTimeout;
        }
    }

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
    public async ValueTask<Invocation> InvokeAsync(
        PresentationContext context, DimseRequest request, Func<Stream, CancellationToken, ValueTask>? writeDataSet, CancellationToken ct)
    {
        Invocation invocation;
        lock (_lock)
        {
            invocation = new Invocation(this, context, request.MessageId != 0 ? request.MessageId : NextMessageId(), Options.TimeProvider);
            _invocations[invocation.MessageId] = invocation;
        }

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
    public ValueTask SendAsync(
        PresentationContext context, DimseMessage message, Func<Stream, CancellationToken, ValueTask>? writeDataSet, CancellationToken ct)
        => _machine.SendMessageAsync(context.Id, (message with { HasDataSet = writeDataSet is not null }).ToBytes(), writeDataSet, ct);

    public void Forget(Invocation invocation)
    {
        lock (_lock) _invocations.Remove(invocation.MessageId);
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
            lock (_lock)
            {
                foreach (var invocation in _invocations.Values) invocation.Extend();
            }
        }

        return _receiver.ReceiveAsync(header, bytes, isEnd);
    }

    async ValueTask IUpperLayerUser.ReleaseRequestedAsync()
    {
        if (_receiver.IsInMessage)
        {
            await _machine.AbortAsync(new AssociationEnd(AssociationEndKind.ProtocolError, "the peer requested a release in the middle of a message"));
            return;
        }

        lock (_lock)
        {
            // Some ask for release before the last response has come. They get it first.
            _isReleaseRequested = _performed.Count > 0;
            if (_isReleaseRequested) return;
        }

        await _machine.RespondReleaseAsync();
    }

    async ValueTask IUpperLayerUser.EndedAsync(AssociationEnd end)
    {
        var cause = new AssociationEndedException(end);
        await _receiver.EndAsync(cause);
        Invocation[] waiting;
        lock (_lock) waiting = [.. _invocations.Values];
        foreach (var invocation in waiting) invocation.End(cause);
    }

    private ushort NextMessageId()
    {
        // One that a caller has chosen may still be waited for.
        ushort next;
        do
        {
            next = (ushort)++_lastMessageId;
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

        var performed = new PerformedRequest(new IncomingRequest((DimseRequest)message, context, dataSet, default));
        lock (_lock)
        {
            performed.IsRefused = _performed.Count > MaxWaiting;
            _performed.Add(performed);
        }

        // The reader goes on: it has to hear A-ABORT and C-CANCEL, and that the connection is lost, whatever else the peer has sent before.
        var before = _performing;
        _performing = Task.Run(() => PerformAsync(performed, before), CancellationToken.None);
    }

    /// <summary>Performs a request when those before it have ended. Does not throw, and clears up whatever happens.</summary>
    private async Task PerformAsync(PerformedRequest performed, Task before)
    {
        await before;
        var incoming = performed.Incoming;
        try
        {
            if (performed.IsRefused) await RefuseAsync(incoming);
            else if (Perform is { } perform && !Ended.IsCancellationRequested) await perform(incoming);
        }
        catch (Exception e) when (e is not AssociationEndedException)
        {
            // The peer would wait for a response for ever.
            await _machine.AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "no response to a request could be sent", null, e));
        }
        catch (AssociationEndedException)
        {
            // No caller waits for a response.
        }
        finally
        {
            if (incoming.DataSet is { } dataSet) await dataSet.CompleteAsync();
            bool isLastBeforeRelease;
            lock (_lock)
            {
                _performed.Remove(performed);
                isLastBeforeRelease = _isReleaseRequested && _performed.Count == 0;
            }

            performed.Dispose();
            if (isLastBeforeRelease) await _machine.RespondReleaseAsync();
            else _machine.RenewPatience();
        }
    }

    private ValueTask RefuseAsync(IncomingRequest incoming)
        => SendAsync(incoming.Context, incoming.Request.Respond(new DimseResult(DimseStatus.ResourceLimitation, "too many requests wait")), null,
            CancellationToken.None);

    private Task CancelAsync(CCancelRequest cancel)
    {
        // Ignored if the operation has already ended: PS3.7 §9.3.2.3.
        PerformedRequest? performed;
        lock (_lock) performed = _performed.Find(p => p.Incoming.Request.MessageId == cancel.MessageIdBeingRespondedTo);
        return performed?.CancelAsync() ?? Task.CompletedTask;
    }

    private ValueTask RespondedAsync(IncomingResponse response)
    {
        Invocation? invocation;
        lock (_lock) _invocations.TryGetValue(response.Response.MessageIdBeingRespondedTo, out invocation);
        return invocation?.DeliverAsync(response) ?? default;
    }
}
