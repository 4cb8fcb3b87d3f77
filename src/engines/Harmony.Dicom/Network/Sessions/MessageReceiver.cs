using System.Buffers;
using System.IO.Pipelines;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>
/// Puts messages together from fragments. The data set of a request goes on into a pipe while it comes, as fast as it is read there;
/// that of a response is small, and kept until it is complete.
/// </summary>
internal sealed class MessageReceiver(Func<byte, PresentationContext?> contextOf, int maxIdentifierLength, Func<DimseMessage, PresentationContext, PipeReader?,
    ValueTask> requested, Func<IncomingResponse, ValueTask> responded)
{
    private const int MaxCommandLength = 64 * 1024;

    /// <summary>How much of a data set may wait to be read: enough for reading and writing to overlap.</summary>
    private static readonly PipeOptions DataSetPipe = new(
        pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    private readonly ArrayBufferWriter<byte> _command = new(256);
    private PresentationContext? _context;
    private DimseResponse? _response;
    private ArrayBufferWriter<byte>? _kept;
    private PipeWriter? _dataSet;
    private bool _awaitsDataSet;

    /// <summary>Whether a message has come in part.</summary>
    public bool IsInMessage => _awaitsDataSet || _command.WrittenCount > 0;

    /// <summary>Takes a piece of a fragment.</summary>
    /// <exception cref="PduException">The message is not as the standard wants it.</exception>
    public async ValueTask ReceiveAsync(PdvHeader header, ReadOnlySequence<byte> bytes, bool isEnd)
    {
        if (IsInMessage && header.ContextId != _context!.Id) throw Unexpected("a message goes on in another presentation context");
        if (header.IsCommand == _awaitsDataSet)
            throw Unexpected(header.IsCommand ? "a command stands where a data set belongs" : "a data set stands where a command belongs");
        if (header.IsCommand)
        {
            TakeCommand(header, bytes);
            if (isEnd && header.IsLast) await CommandEndedAsync();
        }
        else
        {
            await TakeDataSetAsync(bytes);
            if (isEnd && header.IsLast) await DataSetEndedAsync();
        }
    }

    /// <summary>Nothing comes any more.</summary>
    public ValueTask EndAsync(Exception cause) => _dataSet is { } dataSet ? dataSet.CompleteAsync(cause) : default;

    private void TakeCommand(PdvHeader header, in ReadOnlySequence<byte> bytes)
    {
        if (_command.WrittenCount == 0) _context = contextOf(header.ContextId) is { IsAccepted: true } accepted
            ? accepted
            : throw Unexpected("a message comes in a presentation context that was not accepted");
        if (_command.WrittenCount + bytes.Length > MaxCommandLength) throw Invalid($"a command set has more than {MaxCommandLength} bytes");
        foreach (var segment in bytes) _command.Write(segment.Span);
    }

    private async ValueTask CommandEndedAsync()
    {
        var message = ReadCommand();
        _command.ResetWrittenCount();
        _awaitsDataSet = message.HasDataSet;
        if (message is DimseResponse response)
        {
            if (!message.HasDataSet)
            {
                await responded(new IncomingResponse(response, null));
                return;
            }

            (_response, _kept) = (response, new ArrayBufferWriter<byte>());
            return;
        }

        PipeReader? dataSet = null;
        if (message.HasDataSet)
        {
            var pipe = new Pipe(DataSetPipe);
            (_dataSet, dataSet) = (pipe.Writer, pipe.Reader);
        }

        await requested(message, _context!, dataSet);
    }

    private DimseMessage ReadCommand()
    {
        try
        {
            // A copy: what was read refers to it.
            return DimseMessage.Read(CommandSet.Read(_command.WrittenSpan.ToArray()));
        }
        catch (DicomFormatException e)
        {
            throw Invalid(e.Message);
        }
    }

    private async ValueTask TakeDataSetAsync(ReadOnlySequence<byte> bytes)
    {
        if (_kept is { } kept)
        {
            if (kept.WrittenCount + bytes.Length > maxIdentifierLength) throw Invalid($"the data set of a response has more than {maxIdentifierLength} bytes");
            foreach (var segment in bytes) kept.Write(segment.Span);
            return;
        }

        if (_dataSet is not { } pipe) return;
        foreach (var segment in bytes) pipe.Write(segment.Span);
        // Who has enough of it completes the reader; the rest is passed over.
        if ((await pipe.FlushAsync()).IsCompleted) await CompleteDataSetAsync();
    }

    private async ValueTask DataSetEndedAsync()
    {
        _awaitsDataSet = false;
        await CompleteDataSetAsync();
        if (_kept is not { } kept || _response is not { } response) return;
        (_kept, _response) = (null, null);
        await responded(new IncomingResponse(response, kept.WrittenMemory));
    }

    private async ValueTask CompleteDataSetAsync()
    {
        if (_dataSet is not { } pipe) return;
        _dataSet = null;
        await pipe.CompleteAsync();
    }

    private static PduException Unexpected(string message) => new(message, AbortReason.UnexpectedPduParameter);

    private static PduException Invalid(string message) => new(message, AbortReason.InvalidPduParameterValue);
}
