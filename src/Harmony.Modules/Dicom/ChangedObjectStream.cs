namespace Harmony.Modules.Dicom;

/// <summary>An object with another header: that is written anew, the rest is passed on as it comes.</summary>
/// <param name="write">Writes the beginning, when it is read.</param>
/// <param name="rest">What follows it.</param>
internal sealed class ChangedObjectStream(Func<Stream, CancellationToken, ValueTask> write, Stream rest) : Stream
{
    private MemoryStream? _beginning;
    private bool _isRest;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isRest)
        {
            _beginning ??= await WriteBeginningAsync(cancellationToken);
            var read = _beginning.Read(buffer.Span);
            if (read > 0 || buffer.IsEmpty) return read;
            (_isRest, _beginning) = (true, null);
        }

        return await rest.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<MemoryStream> WriteBeginningAsync(CancellationToken ct)
    {
        var stream = new MemoryStream();
        await write(stream, ct);
        stream.Position = 0;
        return stream;
    }
}
