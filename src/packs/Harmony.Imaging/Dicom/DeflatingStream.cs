using System.IO.Compression;
using Harmony.Core.Content;

namespace Harmony.Imaging.Dicom;

/// <summary>The bytes of another stream, deflated as they are read (RFC 1951), and even in number, as PS3.5 §A.5 wants them.</summary>
internal sealed class DeflatingStream : AsyncReadStream
{
    private const int PieceSize = 32 * 1024;

    private readonly Stream _plain;
    private readonly byte[] _piece = new byte[PieceSize];
    private readonly MemoryStream _deflated = new();
    private readonly DeflateStream _deflate;
    private long _count;
    private bool _hasEnded;

    /// <param name="plain">The other stream.</param>
    public DeflatingStream(Stream plain)
    {
        _plain = plain;
        _deflate = new DeflateStream(_deflated, CompressionLevel.Fastest, leaveOpen: true);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (_deflated.Position == _deflated.Length)
        {
            if (_hasEnded) return 0;
            await DeflateAsync(cancellationToken);
        }

        return _deflated.Read(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deflate.Dispose();
            _plain.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Puts what becomes of the next piece, which may be nothing yet, in the place of what was read.</summary>
    private async ValueTask DeflateAsync(CancellationToken ct)
    {
        var read = await _plain.ReadAsync(_piece, ct);
        _deflated.SetLength(0);
        if (read > 0)
        {
            _deflate.Write(_piece, 0, read);
        }
        else
        {
            _hasEnded = true;
            _deflate.Dispose(); // writes the end
            if ((_count + _deflated.Length) % 2 != 0) _deflated.WriteByte(0);
        }

        _count += _deflated.Length;
        _deflated.Position = 0;
    }
}
