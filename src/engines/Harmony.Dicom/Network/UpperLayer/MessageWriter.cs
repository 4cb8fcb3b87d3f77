using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>
/// Sends a message as P-DATA-TF, one fragment in each and each with one send; the command set goes with the beginning of the data set.
/// What is written is copied once, into the buffer that is sent.
/// </summary>
internal sealed class MessageWriter : Stream
{
    private const int HeadersLength = PduCodec.HeaderLength + PdvHeader.Length;

    private readonly ProtocolMachine _machine;
    private readonly byte _contextId;
    private readonly int _capacity;
    private Memory<byte> _buffer;
    private bool _isCommand = true;
    private int _start;
    private int _end;

    public MessageWriter(ProtocolMachine machine, byte contextId)
    {
        (_machine, _contextId) = (machine, contextId);
        // Fragments have an even length: PS3.8 annex E.1. So have all that stands before them.
        _capacity = (machine.MaxSentPduLength & ~1) + PduCodec.HeaderLength;
        Renew();
    }

    /// <summary>Whether the peer has got a part of the message.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Whether the message could not be sent to its end.</summary>
    public bool IsFailed { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes the command set.</summary>
    /// <param name="command">The command set.</param>
    /// <param name="isAll">Whether no data set follows.</param>
    public async ValueTask WriteCommandAsync(ReadOnlyMemory<byte> command, bool isAll)
    {
        await WriteAsync(command);
        EndFragment(isLast: true);
        _isCommand = false;
        if (isAll || _end >= _capacity) await SendAsync();
    }

    /// <summary>Writes all there is in a stream, which is read into the buffer that is sent.</summary>
    public async ValueTask ReadFromAsync(Stream source, CancellationToken ct)
    {
        while (true)
        {
            if (_end == _capacity) await SendFragmentAsync();
            var read = await source.ReadAsync(_buffer[_end.._capacity], ct);
            if (read == 0) return;
            _end += read;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_end == _capacity) await SendFragmentAsync();
            var count = Math.Min(buffer.Length, _capacity - _end);
            buffer[..count].CopyTo(_buffer[_end..]);
            _end += count;
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Sends the last fragment.</summary>
    public ValueTask FinishAsync()
    {
        // Data sets have an even length; deflated ones, which may not, are filled up: PS3.5 §A.5.
        if ((_end & 1) != 0) _buffer.Span[_end++] = 0;
        EndFragment(isLast: true);
        return SendAsync();
    }

    public override void Flush()
    {
    }

    /// <summary>PDUs are sent when they are full.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronous writing");

    private ValueTask SendFragmentAsync()
    {
        EndFragment(isLast: false);
        return SendAsync();
    }

    private void EndFragment(bool isLast)
    {
        new PdvHeader(_contextId, _isCommand, isLast).WritePdu(_buffer.Span[_start..], _end - _start - HeadersLength);
        (_start, _end) = (_end, _end + HeadersLength);
    }

    private async ValueTask SendAsync()
    {
        HasSent = true;
        await _machine.SendDataAsync(_start);
        Renew();
    }

    private void Renew()
    {
        _buffer = _machine.GetMemory(_capacity);
        (_start, _end) = (0, HeadersLength);
    }
}
