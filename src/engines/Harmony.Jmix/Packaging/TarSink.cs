using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Harmony.Jmix.Packaging;

/// <summary>Writes a tar archive (POSIX.1-2001, pax) to a stream that cannot seek. Names and lengths of any size are written.</summary>
public sealed class TarSink : PackageSink
{
    private const int Block = 512;
    private const long LongestOctal = 0x1FFFFFFFF; // eleven octal digits, 8 GiB - 1

    private readonly Stream _output;
    private readonly GZipStream? _gzip;
    private readonly string _root;

    /// <summary>Starts an archive.</summary>
    /// <param name="output">Where the bytes go. The sink does not close it.</param>
    /// <param name="level">The level of gzip; null for an archive without compression.</param>
    /// <param name="root">The prefix of each name: empty, or a folder with a slash at its end.</param>
    public TarSink(Stream output, CompressionLevel? level = null, string root = "")
    {
        if (level is { } gzip) _gzip = new GZipStream(output, gzip, leaveOpen: true);
        _output = (Stream?)_gzip ?? output;
        _root = root;
    }

    /// <inheritdoc/>
    public override bool NeedsLength => true;

    /// <inheritdoc/>
    public override async ValueTask<Stream> AddAsync(string name, long? length, CancellationToken cancellation)
    {
        if (length is not { } known) throw new ArgumentException("a tar archive has to know how long a file is before it begins", nameof(length));
        var path = _root + PackagePath.Normalize(name);
        if (Encoding.UTF8.GetByteCount(path) > 100 || known > LongestOctal)
        {
            var records = Encoding.UTF8.GetBytes(Record("path", path) + Record("size", known.ToString(CultureInfo.InvariantCulture)));
            await _output.WriteAsync(Header("PaxHeader", records.Length, (byte)'x'), cancellation);
            await _output.WriteAsync(records, cancellation);
            await PadAsync(records.Length, cancellation);
        }

        await _output.WriteAsync(Header(path, known, (byte)'0'), cancellation);
        return new EntryStream(this, path, known);
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        await _output.WriteAsync(new byte[2 * Block], cancellation);
        if (_gzip is not null) await _gzip.DisposeAsync();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _gzip?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ValueTask PadAsync(long length, CancellationToken cancellation)
    {
        var padding = (int)((Block - (length % Block)) % Block);
        return padding == 0 ? ValueTask.CompletedTask : _output.WriteAsync(new byte[padding], cancellation);
    }

    private static byte[] Header(string name, long length, byte type)
    {
        var header = new byte[Block];
        var utf8 = Encoding.UTF8.GetBytes(name);
        utf8.AsSpan(0, Math.Min(100, utf8.Length)).CopyTo(header);
        Octal(header.AsSpan(100, 8), 420); // rw-r--r--
        Octal(header.AsSpan(108, 8), 0);
        Octal(header.AsSpan(116, 8), 0);
        Octal(header.AsSpan(124, 12), Math.Min(length, LongestOctal));
        Octal(header.AsSpan(136, 12), 0);
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = type;
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        "00"u8.CopyTo(header.AsSpan(263));
        var sum = 0;
        foreach (var b in header) sum += b;
        Octal(header.AsSpan(148, 7), sum);
        header[155] = (byte)' ';
        return header;
    }

    private static void Octal(Span<byte> field, long value)
        => Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(field.Length - 1, '0'), field);

    // "LENGTH KEY=VALUE\n", where LENGTH counts its own digits too.
    private static string Record(string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount(value) + key.Length + 3;
        var length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length) length++;
        return $"{length.ToString(CultureInfo.InvariantCulture)} {key}={value}\n";
    }

    private sealed class EntryStream(TarSink tar, string name, long length) : WriteOnlyStream
    {
        private long _written;
        private bool _closed;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.Length > length - _written) throw new InvalidDataException($"'{name}' is longer than the {length} bytes that were announced");
            await tar._output.WriteAsync(buffer, cancellationToken);
            _written += buffer.Length;
        }

        public override async ValueTask DisposeAsync()
        {
            if (_closed) return;
            _closed = true;
            await base.DisposeAsync();
            if (_written < length) throw new InvalidDataException($"'{name}' is {length - _written} bytes shorter than the {length} bytes that were announced");
            await tar.PadAsync(length, CancellationToken.None);
        }
    }
}
