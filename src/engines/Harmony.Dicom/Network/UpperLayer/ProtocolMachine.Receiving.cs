using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using static Harmony.Dicom.Network.UpperLayer.AssociationAction;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>Bytes to PDUs.</summary>
internal sealed partial class ProtocolMachine
{
    private volatile bool _isExpired;
    private bool _isHeaderRefused; // it has had its A-ABORT, and is passed over
    private long _leftOfPdu; // after the last word its rest is passed over, to find the next header

    private static bool IsLost(Exception e) => e is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private async ValueTask<(PduType Type, uint Length)> ReadHeaderAsync()
    {
        while (true)
        {
            var buffered = _input.Buffered;
            if (TryReadHeader(buffered, out var type, out var length))
            {
                _input.Consume(PduCodec.HeaderLength);
                _leftOfPdu = length;
                return (type, length);
            }

            if (_machine.State == AssociationState.Sta6) Wait(buffered.IsEmpty && !_user.IsInMessage ? _user.Patience : _options.Artim);
            await FillAsync();
        }
    }

    /// <summary>A type that does not exist is refused as soon as it is seen: those who speak another protocol may wait for an answer.</summary>
    private bool TryReadHeader(in ReadOnlySequence<byte> buffered, out PduType type, out uint length)
    {
        (type, length) = (default, 0);
        if (buffered.IsEmpty) return false;
        Span<byte> header = stackalloc byte[PduCodec.HeaderLength];
        var there = (int)Math.Min(buffered.Length, header.Length);
        buffered.Slice(0, there).CopyTo(header);
        type = (PduType)header[0];
        if (there == header.Length) length = BinaryPrimitives.ReadUInt32BigEndian(header[2..]);
        _isHeaderRefused = true;
        PduCodec.CheckHeader(type, length, (uint)_options.MaxPduLength, _options.Limits);
        _isHeaderRefused = false;
        return there == header.Length;
    }

    private async ValueTask<Pdu> ReadBodyAsync(PduType type, uint length)
    {
        if (_machine.State == AssociationState.Sta6) Wait(_options.Artim);
        while (_input.Buffered.Length < length) await FillAsync();
        var body = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            _input.Buffered.Slice(0, length).CopyTo(body);
            Consume(length);
            return PduCodec.Decode(type, body.AsSpan(0, (int)length), _options.Limits);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body, clearArray: true); // it may hold a passcode
        }
    }

    private async ValueTask DataReceivedAsync(uint length)
    {
        switch (_machine.Apply(AssociationEvent.DataReceived))
        {
            case DT2 or AR6:
                await ReadDataAsync(length);
                break;
            case AA1:
                await SendAbortAsync(Unexpected(PduType.Data, new AbortPdu(AbortSource.ServiceUser)));
                break;
            case AA8:
                await SendAbortAsync(Unexpected(PduType.Data, new AbortPdu(AbortSource.ServiceProvider, AbortReason.UnexpectedPdu)));
                break;
        }
    }

    private async ValueTask ReadDataAsync(uint left)
    {
        while (left > 0)
        {
            if (left < PdvHeader.Length) throw new PduException($"{left} bytes of a P-DATA-TF are no fragment", AbortReason.InvalidPduParameterValue);
            while (_input.Buffered.Length < PdvHeader.Length) await FillDataAsync();
            var header = PdvHeader.Read(_input.Buffered, left, out var fragmentLength);
            Consume(PdvHeader.Length);
            left -= PdvHeader.Length + fragmentLength;
            await ReadFragmentAsync(header, fragmentLength);
        }
    }

    private async ValueTask ReadFragmentAsync(PdvHeader header, uint left)
    {
        while (true)
        {
            var piece = _input.Buffered.Slice(0, Math.Min(left, _input.Buffered.Length));
            left -= (uint)piece.Length;
            await _user.DataAsync(header, piece, isEnd: left == 0);
            Consume(piece.Length);
            if (left == 0) return;
            await FillDataAsync();
        }
    }

    private ValueTask FillDataAsync()
    {
        Wait(_options.Artim);
        return FillAsync();
    }

    private void Consume(long count)
    {
        _input.Consume(count);
        _leftOfPdu -= count;
    }

    /// <summary>
    /// After the last word (Sta13) the headers of PDUs count, and the end of the connection: PS3.8 table 9-10. The side that sends A-ABORT waits for the end,
    /// and gets it at once.
    /// </summary>
    private async ValueTask DrainAsync()
    {
        Consume(Math.Min(_leftOfPdu, _input.Buffered.Length));
        if (_leftOfPdu == 0 && TryTakeHeader(out var type))
        {
            if (!_isHeaderRefused) await DrainedAsync(type);
            _isHeaderRefused = false;
            return;
        }

        var filled = await _input.FillAsync();
        if (filled == Filled.Closed) _machine.Apply(AssociationEvent.TransportClosed);
        if (filled != Filled.Interrupted || !_isExpired) return;
        _machine.Apply(AssociationEvent.ArtimExpired);
        Break(new AssociationEnd(AssociationEndKind.TimedOut, "the peer has not closed the connection in time"));
    }

    private bool TryTakeHeader(out PduType type)
    {
        type = default;
        if (_input.Buffered.Length < PduCodec.HeaderLength) return false;
        Span<byte> header = stackalloc byte[PduCodec.HeaderLength];
        _input.Buffered.Slice(0, header.Length).CopyTo(header);
        _input.Consume(header.Length);
        type = (PduType)header[0];
        _leftOfPdu = BinaryPrimitives.ReadUInt32BigEndian(header[2..]);
        return true;
    }

    private async ValueTask DrainedAsync(PduType type)
    {
        if (_machine.Apply(EventOf(type)) != AA7) return; // AA-2: closed; AA-6: passed over
        var reason = type == PduType.AssociateRequest ? AbortReason.UnexpectedPdu : AbortReason.UnrecognizedPdu;
        if (!_isBroken) await TrySendAsync(new AbortPdu(AbortSource.ServiceProvider, reason));
    }

    private async ValueTask FillAsync()
    {
        while (true)
        {
            switch (await _input.FillAsync())
            {
                case Filled.More when _machine.State is not AssociationState.Sta13:
                    return;
                case Filled.Closed:
                    throw new EndOfStreamException();
                case Filled.Interrupted when !_isExpired && !_end.Task.IsCompleted && _machine.State is not AssociationState.Sta13:
                    break; // by a time that was over before this waiting began
                default:
                    throw new ReadingInterruptedException();
            }
        }
    }

    /// <summary>How long the next waiting may be.</summary>
    private void Wait(TimeSpan limit)
    {
        _isExpired = false;
        _reading.Set(limit);
    }

    private void Expire()
    {
        _isExpired = true;
        _input.Interrupt();
    }
}
