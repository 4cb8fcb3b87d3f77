using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Transport;
using static Harmony.Dicom.Network.UpperLayer.AssociationAction;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>
/// The protocol machine of PS3.8 §9 on one connection. One loop reads to the end, whatever else goes on, so that an abort or a lost connection
/// is seen at once; everything else is sent from wherever it comes.
/// </summary>
internal sealed partial class ProtocolMachine : IDisposable
{
    /// <summary>How long an A-ABORT waits for a PDU that is being sent; after that the connection is broken instead.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(1);

    private readonly DicomConnection _connection;
    private readonly UpperLayerOptions _options;
    private readonly IUpperLayerUser _user;
    private readonly StateMachine _machine;
    private readonly PduInput _input;
    private readonly Deadline _reading;
    private readonly Deadline _sending;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<AssociationEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isEndTold;

    public ProtocolMachine(DicomConnection connection, bool isRequestor, UpperLayerOptions options, IUpperLayerUser user)
    {
        (_connection, _options, _user) = (connection, options, user);
        _machine = new StateMachine(isRequestor);
        _input = new PduInput(connection);
        _output = connection.Transport.Output;
        Ended = _ended.Token;
        _reading = new Deadline(options.TimeProvider, Expire);
        _sending = new Deadline(options.TimeProvider, SendingExpired);
    }

    /// <summary>Trips when the association ends.</summary>
    public CancellationToken Ended { get; }

    /// <summary>How it ended, once that is known.</summary>
    public Task<AssociationEnd> End => _end.Task;

    /// <summary>Whether data can be sent.</summary>
    public bool IsEstablished => _machine.State == AssociationState.Sta6;

    /// <summary>The limit of a P-DATA-TF to send; known when the association is established.</summary>
    public int MaxSentPduLength { get; set; }

    /// <summary>Serves an accepted connection to its end.</summary>
    public Task<AssociationEnd> AcceptAsync()
    {
        _machine.Apply(AssociationEvent.TransportIndication);
        _reading.Set(_options.Artim);
        return RunAsync();
    }

    /// <summary>Asks for an association over a connection that there is, and serves it to its end.</summary>
    public async Task<AssociationEnd> RequestAsync(AssociateRequestPdu request)
    {
        _machine.Apply(AssociationEvent.AssociateRequest);
        _machine.Apply(AssociationEvent.TransportConnected);
        _reading.Set(_options.Artim);
        await TrySendAsync(request);
        return await RunAsync();
    }

    /// <summary>Asks for release; the end tells when it is done.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (_machine.Apply(AssociationEvent.ReleaseRequest) != AR1) return;
        _reading.Set(_options.Artim);
        await TrySendAsync(new ReleaseRequestPdu());
    }

    /// <summary>Agrees to the peer's release.</summary>
    public async ValueTask RespondReleaseAsync()
    {
        var action = _machine.Apply(AssociationEvent.ReleaseResponse);
        if (action == None) return;
        _reading.Set(_options.Artim);
        if (action == AR4) SetEnd(new AssociationEnd(AssociationEndKind.Released, "released"));
        await TrySendAsync(new ReleaseResponsePdu());
    }

    /// <summary>Ends the association with A-ABORT. Does nothing if it is over.</summary>
    public async ValueTask AbortAsync(AssociationEnd end)
    {
        switch (_machine.Apply(AssociationEvent.AbortRequest))
        {
            case AA1:
                await SendAbortAsync(end with { Abort = new AbortPdu(AbortSource.ServiceUser) });
                break;
            case None when _machine.State is AssociationState.Sta1 or AssociationState.Sta2 && !_end.Task.IsCompleted:
                // There is no peer to send to yet, neither before the start nor before the peer's request.
                SetEnd(end);
                Expire();
                break;
        }
    }

    /// <summary>The time the peer has for its next word is to be counted anew: something has ended here.</summary>
    public void RenewPatience()
    {
        if (IsEstablished) _reading.Set(_user.IsInMessage ? _options.Artim : _user.Patience);
    }

    public void Dispose()
    {
        _reading.Dispose();
        _sending.Dispose();
        _ended.Dispose();
    }

    private async Task<AssociationEnd> RunAsync()
    {
        while (_machine.State != AssociationState.Sta1) await StepAsync();
        SetEnd(new AssociationEnd(AssociationEndKind.ConnectionLost, "the connection was closed"));
        await TellEndAsync();
        _reading.Clear();
        await _input.CompleteAsync();
        await CompleteOutputAsync();
        return await End;
    }

    /// <summary>The application learns of the end when nothing comes any more, and does not have to wait for the connection to be closed.</summary>
    private async ValueTask TellEndAsync()
    {
        if (_isEndTold) return;
        _isEndTold = true;
        await _user.EndedAsync(await End);
    }

    private async ValueTask StepAsync()
    {
        try
        {
            if (_machine.State == AssociationState.Sta13)
            {
                await TellEndAsync();
                await DrainAsync();
                return;
            }

            var (type, length) = await ReadHeaderAsync();
            if (type == PduType.Data) await DataReceivedAsync(length);
            else await ReceivedAsync(await ReadBodyAsync(type, length));
        }
        catch (PduException e)
        {
            await InvalidAsync(e);
        }
        catch (ReadingInterruptedException)
        {
            await InterruptedAsync();
        }
        catch (Exception e) when (IsLost(e))
        {
            SetEnd(new AssociationEnd(AssociationEndKind.ConnectionLost, "the connection was lost", null, e is EndOfStreamException ? null : e));
            _machine.Apply(AssociationEvent.TransportClosed);
        }
        catch (Exception e)
        {
            // The user of this machine must not throw. If it does, this association is over, and no other.
            await AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "something failed here", null, e));
        }
    }

    private async ValueTask ReceivedAsync(Pdu pdu)
    {
        switch (_machine.Apply(EventOf(pdu.Type)))
        {
            case AE3:
                MaxSentPduLength = SentLength(((AssociateAcceptPdu)pdu).UserInformation);
                _user.Accepted((AssociateAcceptPdu)pdu);
                break;
            case AE4:
                SetEnd(new AssociationEnd(AssociationEndKind.Rejected, $"rejected: {((AssociateRejectPdu)pdu).Rejection}", null,
                    new AssociationRejectedException(((AssociateRejectPdu)pdu).Rejection)));
                break;
            case AE6:
                await AnswerAsync((AssociateRequestPdu)pdu);
                break;
            case AR2:
                await _user.ReleaseRequestedAsync();
                break;
            // Both have asked for the release (PS3.8 §9.2.3, table 9-10): the requestor answers at once (AR8 to Sta9), the acceptor when its own
            // request has been answered (AR8 to Sta10, where this does nothing yet, then AR10). The application has asked itself: it is not asked.
            case AR8 or AR10:
                await RespondReleaseAsync();
                break;
            case AR3:
                SetEnd(new AssociationEnd(AssociationEndKind.Released, "released"));
                break;
            case AA1:
                await SendAbortAsync(Unexpected(pdu.Type, new AbortPdu(AbortSource.ServiceUser)));
                break;
            case AA8:
                await SendAbortAsync(Unexpected(pdu.Type, new AbortPdu(AbortSource.ServiceProvider, AbortReason.UnexpectedPdu)));
                break;
            case AA2 or AA3:
                var abort = (AbortPdu)pdu;
                SetEnd(new AssociationEnd(AssociationEndKind.AbortedByPeer, abort.Source == AbortSource.ServiceUser
                    ? "aborted by the peer's application"
                    : $"aborted by the peer: {abort.Reason}", abort));
                break;
        }
    }

    private static AssociationEvent EventOf(PduType type) => type switch
    {
        PduType.AssociateRequest => AssociationEvent.RequestReceived,
        PduType.AssociateAccept => AssociationEvent.AcceptReceived,
        PduType.AssociateReject => AssociationEvent.RejectReceived,
        PduType.ReleaseRequest => AssociationEvent.ReleaseRequestReceived,
        PduType.ReleaseResponse => AssociationEvent.ReleaseResponseReceived,
        PduType.Data => AssociationEvent.DataReceived,
        PduType.Abort => AssociationEvent.AbortReceived,
        _ => AssociationEvent.InvalidPdu,
    };

    private async ValueTask AnswerAsync(AssociateRequestPdu request)
    {
        _reading.Clear();
        var answer = await _user.RequestedAsync(request);
        if (answer is AssociateRejectPdu reject)
        {
            if (_machine.Apply(AssociationEvent.RejectResponse) != AE8) return;
            _reading.Set(_options.Artim);
            SetEnd(new AssociationEnd(AssociationEndKind.Rejected, $"rejected: {reject.Rejection}"));
        }
        else
        {
            MaxSentPduLength = SentLength(request.UserInformation);
            if (_machine.Apply(AssociationEvent.AcceptResponse) != AE7) return;
        }

        await TrySendAsync(answer);
    }

    /// <summary>The PDU length of both sides. A length without room for a fragment counts as no limit.</summary>
    private int SentLength(UserInformation peer) => peer.MaxPduLength switch
    {
        0 => _options.MaxSentPduLength,
        < 64 => throw new PduException($"a maximum PDU length of {peer.MaxPduLength} leaves no room for data", AbortReason.InvalidPduParameterValue),
        var max => (int)Math.Min(max, (uint)_options.MaxSentPduLength),
    };

    private async ValueTask InvalidAsync(PduException e)
    {
        var source = _machine.Apply(AssociationEvent.InvalidPdu) switch
        {
            AA1 => new AbortPdu(AbortSource.ServiceUser),
            AA8 => new AbortPdu(AbortSource.ServiceProvider, e.Reason),
            _ => null,
        };
        if (source is not null) await SendAbortAsync(new AssociationEnd(AssociationEndKind.ProtocolError, e.Message, source, e));
    }

    /// <summary>Nothing has come in time, or the association was aborted here meanwhile.</summary>
    private async ValueTask InterruptedAsync()
    {
        switch (_machine.State)
        {
            case AssociationState.Sta13 or AssociationState.Sta1:
                break;
            case AssociationState.Sta2:
                _machine.Apply(AssociationEvent.ArtimExpired);
                Break(new AssociationEnd(AssociationEndKind.TimedOut, "the peer has not asked for an association in time"));
                break;
            default:
                await AbortAsync(new AssociationEnd(AssociationEndKind.TimedOut, "the peer has said nothing for too long"));
                break;
        }
    }

    private static AssociationEnd Unexpected(PduType type, AbortPdu abort)
        => new(AssociationEndKind.ProtocolError, $"the peer has sent a PDU of type {(byte)type} that is not allowed now", abort);

    /// <summary>The one place where a connection is given up without another word: neither side reads or sends any more. The first cause counts.</summary>
    private void Break(AssociationEnd cause)
    {
        SetEnd(cause);
        _isBroken = true;
        _connection.Abort?.Invoke();
    }

    private void SetEnd(AssociationEnd end)
    {
        if (_end.TrySetResult(end)) _ended.Cancel();
    }
}
