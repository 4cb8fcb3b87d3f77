using System.Buffers;
using System.IO.Pipelines;
using Harmony.Dicom.Network.Transport;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>The bytes of a connection that have come and were not used yet.</summary>
internal sealed class PduInput(DicomConnection connection)
{
    private readonly PipeReader _reader = connection.Transport.Input;
    private ReadOnlySequence<byte> _buffered;
    private bool _isRead;

    public ReadOnlySequence<byte> Buffered => _buffered;

    /// <summary>The first bytes are used up.</summary>
    public void Consume(long count) => _buffered = _buffered.Slice(count);

    /// <summary>Waits for more.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<Filled> FillAsync()
    {
        var had = _buffered.Length;
        if (_isRead) _reader.AdvanceTo(_buffered.Start, _buffered.End);
        (_buffered, _isRead) = (default, false);
        var result = await _reader.ReadAsync();
        (_buffered, _isRead) = (result.Buffer, true);
        // A sender with Nagle's algorithm on keeps the last bytes of a message until the others are acknowledged.
        if (connection.Socket is { } socket) TcpQuickAck.Send(socket);
        if (_buffered.Length > had) return Filled.More;
        return result.IsCompleted ? Filled.Closed : Filled.Interrupted;
    }

    /// <summary>Ends the waiting of <see cref="FillAsync"/>, now or when it waits next.</summary>
    public void Interrupt() => _reader.CancelPendingRead();

    public ValueTask CompleteAsync()
    {
        if (_isRead) _reader.AdvanceTo(_buffered.End);
        _isRead = false;
        return _reader.CompleteAsync();
    }
}

/// <summary>What waiting for bytes has brought.</summary>
internal enum Filled
{
    /// <summary>More bytes.</summary>
    More,

    /// <summary>The peer has closed.</summary>
    Closed,

    /// <summary>The waiting was interrupted.</summary>
    Interrupted,
}

/// <summary>Leaves the reading of a PDU, as nothing has come in time, or as nothing that comes is wanted any more.</summary>
internal sealed class ReadingInterruptedException : Exception;
