using System.Buffers;
using System.Text;
using Harmony.Core.Content;

namespace Harmony.Imaging.Services.DicomWeb.Proxying;

/// <summary>
/// Puts one address in the place of others while text streams. An address counts where a value begins: behind a quotation mark or <c>&gt;</c>, and before a slash, a
/// quotation mark or the like, so that a longer name is not cut in two.
/// </summary>
internal sealed class AddressRewriter : AsyncReadStream
{
    private const int PieceSize = 32 * 1024;

    private readonly Stream _source;
    private readonly byte[][] _known;
    private readonly byte[] _plain;
    private readonly byte[] _escaped;
    private readonly int _longest;
    private readonly byte[] _buffer;
    private readonly ArrayBufferWriter<byte> _out = new(PieceSize);
    private int _count; // bytes in the buffer
    private int _taken; // of what was written
    private byte _before = (byte)'"';
    private bool _hasEnded;

    public AddressRewriter(Stream source, byte[][] known, string replacement)
    {
        (_source, _known) = (source, known);
        _plain = Encoding.ASCII.GetBytes(replacement);
        _escaped = Encoding.ASCII.GetBytes(replacement.Replace("/", "\\/", StringComparison.Ordinal));
        _longest = known.Length == 0 ? 0 : known.Max(k => k.Length);
        _buffer = new byte[PieceSize + _longest + 1];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (_taken == _out.WrittenCount)
        {
            if (_hasEnded) return 0;
            var read = await _source.ReadAsync(_buffer.AsMemory(_count, _buffer.Length - _count), cancellationToken);
            _hasEnded = read == 0;
            _count += read;
            _out.ResetWrittenCount();
            _taken = 0;
            Rewrite();
        }

        var count = Math.Min(buffer.Length, _out.WrittenCount - _taken);
        _out.WrittenMemory.Slice(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Writes what is certain; what may be the beginning of an address waits for more.</summary>
    private void Rewrite()
    {
        var text = _buffer.AsSpan(0, _count);
        var at = 0;
        while (at < text.Length)
        {
            var next = text[at..].IndexOf((byte)'h');
            if (next < 0)
            {
                Copy(text[at..]);
                at = text.Length;
                break;
            }

            Copy(text.Slice(at, next));
            at += next;
            if (!_hasEnded && text.Length - at <= _longest) break;
            if (_before is (byte)'"' or (byte)'>' or (byte)'\'' && Match(text[at..]) is { } known)
            {
                _out.Write(known.AsSpan().IndexOf("\\/"u8) >= 0 ? _escaped : _plain);
                at += known.Length;
                _before = (byte)'/';
                continue;
            }

            Copy(text.Slice(at, 1));
            at++;
        }

        text[at..].CopyTo(text);
        _count -= at;
    }

    private byte[]? Match(ReadOnlySpan<byte> text)
    {
        foreach (var known in _known)
        {
            if (!text.StartsWith(known)) continue;
            if (text.Length == known.Length || text[known.Length] is (byte)'/' or (byte)'\\' or (byte)'"' or (byte)'\'' or (byte)'<' or (byte)'?') return known;
        }

        return null;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        _out.Write(bytes);
        _before = bytes[^1];
    }
}
