namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>
/// A connection to an HTTP/1.1 target that may answer an upload at once and close: 401, 413. HttpClient looks for an answer only when it has
/// sent everything, and gives up when it cannot. So what cannot be sent is dropped here without a word, and the answer is read if there is one.
/// </summary>
internal sealed class TargetConnection(Stream inner) : Stream
{
    [ThreadStatic]
    private static RequestContent? _sending;

    private RequestContent? _content;
    private bool _isCut;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes or, when there is nothing to write, flushes; lets the connection below know whose body it is.</summary>
    public static ValueTask SendAsync(RequestContent content, Stream body, ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        // HttpClient tells a content nothing of its connection, but calls it within this call.
        _sending = content;
        try
        {
            return data.IsEmpty ? new ValueTask(body.FlushAsync(ct)) : body.WriteAsync(data, ct);
        }
        finally
        {
            _sending = null;
        }
    }

    /// <summary>The body is done with; the connection may carry another.</summary>
    public void Release() => _content = null;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isCut) return ValueTask.CompletedTask;
        if (_sending is not null && _content is null) (_content = _sending).SentOver(this);
        var writing = inner.WriteAsync(buffer, cancellationToken);
        return writing.IsCompletedSuccessfully ? writing : WaitAsync(writing);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _isCut ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask WaitAsync(ValueTask writing)
    {
        try
        {
            await writing;
        }
        catch (IOException)
        {
            // If there is no answer either, reading will say so.
            _isCut = true;
            _content?.Cut();
        }
    }
}
