using System.IO.Pipelines;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using static Harmony.Dicom.Network.UpperLayer.AssociationAction;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>PDUs to bytes. One message is sent at a time; PDUs of others come between its PDUs only to end it all.</summary>
internal sealed partial class ProtocolMachine
{
    private readonly PipeWriter _output;
    private readonly SemaphoreSlim _sendLock = new(1, 1);
    private volatile bool _isBroken;

    /// <summary>Sends a message.</summary>
    /// <param name="contextId">Its presentation context.</param>
    /// <param name="command">Its command set.</param>
    /// <param name="writeDataSet">Writes its data set; null if it has none.</param>
    /// <param name="ct">Ends it. If a part was sent already, the association is aborted.</param>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    public async ValueTask SendMessageAsync(
        byte contextId, ReadOnlyMemory<byte> command, Func<Stream, CancellationToken, ValueTask>? writeDataSet, CancellationToken ct)
    {
        await _sendLock.WaitAsync(ct);
        MessageWriter? message = null;
        try
        {
            Ended.ThrowIfCancellationRequested();
            message = new MessageWriter(this, contextId);
            await message.WriteCommandAsync(command, isAll: writeDataSet is null);
            if (writeDataSet is null) return;
            using var stopped = CancellationTokenSource.CreateLinkedTokenSource(ct, Ended);
            await writeDataSet(message, stopped.Token);
            await message.FinishAsync();
        }
        catch (Exception e)
        {
            if (message is not null) message.IsFailed = true;
            if (IsLost(e)) await ThrowIfEndedAsync();
            throw;
        }
        finally
        {
            _sendLock.Release();
            if (message is { IsFailed: true, HasSent: true })
                await AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "a message could not be sent to its end"));
        }
    }

    /// <summary>A buffer for PDUs with data.</summary>
    internal Memory<byte> GetMemory(int size) => _output.GetMemory(size);

    /// <summary>Sends what was put into the buffer.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    /// <exception cref="OperationCanceledException">The association has ended.</exception>
    internal ValueTask SendDataAsync(int length)
    {
        Ended.ThrowIfCancellationRequested();
        if (_machine.Apply(AssociationEvent.DataRequest) == None) throw new OperationCanceledException("the association is not established");
        _output.Advance(length);
        return FlushAsync(Ended);
    }

    private async ValueTask ThrowIfEndedAsync()
    {
        if (!_isBroken && !Ended.IsCancellationRequested && _machine.State == AssociationState.Sta6) return;
        // The reader will soon see how it ended: what the peer said last is worth more than that it does not read any more.
        _reading.Set(AbortPatience);
        throw new AssociationEndedException(await End);
    }

    /// <summary>Sends a PDU. If that fails, the reader gets the cause.</summary>
    private async ValueTask TrySendAsync(Pdu pdu)
    {
        await _sendLock.WaitAsync();
        try
        {
            await _output.WriteAsync(PduCodec.Encode(pdu), CancellationToken.None).AsTask().WaitAsync(_options.SendTimeout, _options.TimeProvider);
        }
        catch (Exception e) when (IsLost(e) || e is TimeoutException)
        {
            _isBroken = true;
        }
        finally
        {
            _sendLock.Release();
        }
    }

    /// <summary>AA-1, AA-8: says A-ABORT, if that can be said, and awaits the end of the connection.</summary>
    private async ValueTask SendAbortAsync(AssociationEnd end)
    {
        SetEnd(end);
        Wait(_options.Artim);
        if (await _sendLock.WaitAsync(AbortPatience))
        {
            try
            {
                using var patience = new CancellationTokenSource(AbortPatience);
                if (!_isBroken) await _output.WriteAsync(PduCodec.Encode(end.Abort!), patience.Token);
            }
            catch (Exception e) when (IsLost(e))
            {
                _isBroken = true;
            }
            finally
            {
                _sendLock.Release();
            }
        }
        else
        {
            _isBroken = true;
        }

        if (_isBroken) Break(end);
        _input.Interrupt();
    }

    private async ValueTask FlushAsync(CancellationToken ct)
    {
        try
        {
            var flush = _output.FlushAsync(ct);
            var isPending = !flush.IsCompleted;
            if (isPending) _sending.Set(_options.SendTimeout);
            var result = await flush;
            if (isPending) _sending.Clear();
            if (result.IsCompleted || result.IsCanceled) throw new IOException("the connection accepts no more data");
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    /// <summary>The peer takes nothing any more.</summary>
    private void SendingExpired()
    {
        _machine.Apply(AssociationEvent.AbortRequest);
        Break(new AssociationEnd(AssociationEndKind.TimedOut, "the peer has taken nothing of what was sent for too long"));
        Expire();
    }

    private async ValueTask CompleteOutputAsync()
    {
        if (!await _sendLock.WaitAsync(AbortPatience)) return;
        try
        {
            await _output.CompleteAsync(_isBroken ? new IOException("the connection is broken") : null);
        }
        catch (Exception e) when (IsLost(e))
        {
            // It is over anyway.
        }
        finally
        {
            _sendLock.Release();
        }
    }
}
