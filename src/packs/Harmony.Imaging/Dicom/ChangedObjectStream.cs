using Harmony.Core.Content;

namespace Harmony.Imaging.Dicom;

/// <summary>An object with another header: that is written anew, the rest is passed on as it comes.</summary>
/// <param name="write">Writes the beginning, when it is read.</param>
/// <param name="rest">What follows it.</param>
internal sealed class ChangedObjectStream(Func<Stream, CancellationToken, ValueTask> write, Stream rest) : AsyncReadStream
{
    private MemoryStream? _beginning;
    private bool _isRest;

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

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<MemoryStream> WriteBeginningAsync(CancellationToken ct)
    {
        var stream = new MemoryStream();
        await write(stream, ct);
        stream.Position = 0;
        return stream;
    }
}
