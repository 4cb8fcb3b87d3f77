using Harmony.Dicom.Data;

namespace Harmony.Dicom.Web.Objects;

/// <summary>Several values as one stream. Each is opened when the one before has been read.</summary>
/// <param name="pieces">The values, in their order.</param>
internal sealed class JoinedStream(IReadOnlyList<BulkData> pieces) : ForwardStream
{
    private Stream? _current;
    private int _next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            if (_current is not null)
            {
                var read = await _current.ReadAsync(buffer, cancellationToken);
                if (read > 0) return read;
                await _current.DisposeAsync();
                _current = null;
            }

            if (_next == pieces.Count) return 0;
            _current = await pieces[_next++].OpenAsync(cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _current?.Dispose();
        base.Dispose(disposing);
    }
}
