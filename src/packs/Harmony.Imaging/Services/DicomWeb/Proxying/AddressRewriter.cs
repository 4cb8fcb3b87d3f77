using System.Buffers;
using System.Text;
using Harmony.Core.Content;

namespace Harmony.Imaging.Services.DicomWeb.Proxying;

/// <summary>
/// Puts one address in the place of others while text streams. An address counts where a value begins: behind a quotation mark or <c>&gt;</c>, and before a
/// slash, a quotation mark or the like, so that a longer name is not cut in two.
/// </summary>
internal sealed class AddressRewriter : RewritingStream
{
    private readonly byte[][] _known;
    private readonly byte[] _plain;
    private readonly byte[] _escaped;
    private readonly int _longest;
    private byte _before = (byte)'"';

    public AddressRewriter(Stream source, byte[][] known, string replacement)
        : base(source)
    {
        _known = known;
        _plain = Encoding.ASCII.GetBytes(replacement);
        _escaped = Encoding.ASCII.GetBytes(replacement.Replace("/", "\\/", StringComparison.Ordinal));
        _longest = known.Length == 0 ? 0 : known.Max(k => k.Length);
    }

    /// <summary>Writes what is certain; what may be the beginning of an address waits for more.</summary>
    protected override int Rewrite(ReadOnlySpan<byte> input, bool isLast)
    {
        var at = 0;
        while (at < input.Length)
        {
            var next = input[at..].IndexOf((byte)'h');
            if (next < 0)
            {
                Copy(input[at..]);
                return input.Length;
            }

            Copy(input.Slice(at, next));
            at += next;
            if (!isLast && input.Length - at <= _longest) break;
            if (_before is (byte)'"' or (byte)'>' or (byte)'\'' && Match(input[at..]) is { } known)
            {
                Output.Write(known.AsSpan().IndexOf("\\/"u8) >= 0 ? _escaped : _plain);
                at += known.Length;
                _before = (byte)'/';
                continue;
            }

            Copy(input.Slice(at, 1));
            at++;
        }

        return at;
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
        Output.Write(bytes);
        _before = bytes[^1];
    }
}
