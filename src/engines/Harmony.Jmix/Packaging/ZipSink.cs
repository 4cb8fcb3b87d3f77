using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Harmony.Jmix.Packaging;

/// <summary>
/// Writes a zip archive (APPNOTE 6.3.10) to a stream that cannot seek, in constant memory: sizes and checksums follow each file (§4.3.9), and every
/// file may be longer than 4 GiB (zip64, §4.5.3).
/// </summary>
public sealed class ZipSink : PackageSink
{
    private const ushort NeedsZip64 = 45, StreamedUtf8 = 0x0808; // general purpose flags: bit 3, sizes follow; bit 11, names are UTF-8
    private const ushort Stored = 0, Deflated = 8; // compression methods (§4.4.5)
    private const ushort Dos1980 = (1 << 5) | 1; // the first of January 1980, so that equal packages have equal bytes

    // Ciphertext and compressed pictures only grow when they are compressed.
    private static readonly HashSet<string> Incompressible = new(StringComparer.OrdinalIgnoreCase)
    {
        ".encrypted", ".enc", ".jpg", ".jpeg", ".png", ".gz", ".zip"
    };

    private readonly Stream _output;
    private readonly CompressionLevel? _level;
    private readonly List<Entry> _entries = [];
    private long _position;
    private bool _isOpen;

    /// <summary>Starts an archive.</summary>
    /// <param name="output">Where the bytes go. The sink neither closes nor flushes it.</param>
    /// <param name="level">The level of compression; null stores files as they are.</param>
    public ZipSink(Stream output, CompressionLevel? level = null) => (_output, _level) = (output, level);

    /// <inheritdoc/>
    public override async ValueTask<Stream> AddAsync(string name, long? length, CancellationToken cancellation)
    {
        if (_isOpen) throw new InvalidOperationException("the file before this one has not been closed");
        var level = Incompressible.Contains(Path.GetExtension(name)) ? null : _level;
        var entry = new Entry(Encoding.UTF8.GetBytes(PackagePath.Normalize(name)), _position, level is null ? Stored : Deflated);
        _entries.Add(entry);
        await WriteAsync(LocalHeader(entry), cancellation);
        _isOpen = true;
        return new EntryStream(this, entry, level);
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        var start = _position;
        foreach (var entry in _entries) await WriteAsync(CentralHeader(entry), cancellation);
        await WriteAsync(End(_entries.Count, start, _position - start), cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _output.WriteAsync(bytes, cancellation);
        _position += bytes.Length;
    }

    private static byte[] LocalHeader(Entry entry)
    {
        // The zip64 field stands here with zeros, so that a reader knows the sizes behind the file to have 8 bytes each (§4.3.9.2).
        var header = new byte[30 + entry.Name.Length + 20];
        var at = new Little(header);
        at.Put32(0x04034b50);
        at.Put16(NeedsZip64);
        at.Put16(StreamedUtf8);
        at.Put16(entry.Method);
        at.Put16(0);
        at.Put16(Dos1980);
        at.Put32(0);
        at.Put32(uint.MaxValue);
        at.Put32(uint.MaxValue);
        at.Put16((ushort)entry.Name.Length);
        at.Put16(20);
        at.Put(entry.Name);
        at.Put16(1);
        at.Put16(16);
        return header;
    }

    private static byte[] Descriptor(Entry entry)
    {
        var bytes = new byte[24];
        var at = new Little(bytes);
        at.Put32(0x08074b50);
        at.Put32(entry.Crc);
        at.Put64(entry.Compressed);
        at.Put64(entry.Length);
        return bytes;
    }

    private static byte[] CentralHeader(Entry entry)
    {
        var header = new byte[46 + entry.Name.Length + 28];
        var at = new Little(header);
        at.Put32(0x02014b50);
        at.Put16((3 << 8) | NeedsZip64); // made on Unix, so that the mode below counts
        at.Put16(NeedsZip64);
        at.Put16(StreamedUtf8);
        at.Put16(entry.Method);
        at.Put16(0);
        at.Put16(Dos1980);
        at.Put32(entry.Crc);
        at.Put32(uint.MaxValue);
        at.Put32(uint.MaxValue);
        at.Put16((ushort)entry.Name.Length);
        at.Put16(28);
        at.Put16(0);
        at.Put16(0);
        at.Put16(0);
        at.Put32(0x81A40000); // a regular file, rw-r--r--
        at.Put32(uint.MaxValue);
        at.Put(entry.Name);
        at.Put16(1);
        at.Put16(24);
        at.Put64(entry.Length);
        at.Put64(entry.Compressed);
        at.Put64(entry.Offset);
        return header;
    }

    private static byte[] End(int count, long start, long length)
    {
        var bytes = new byte[56 + 20 + 22];
        var at = new Little(bytes);
        at.Put32(0x06064b50); // zip64 end of central directory (§4.3.14)
        at.Put64(44);
        at.Put16((3 << 8) | NeedsZip64);
        at.Put16(NeedsZip64);
        at.Put32(0);
        at.Put32(0);
        at.Put64(count);
        at.Put64(count);
        at.Put64(length);
        at.Put64(start);
        at.Put32(0x07064b50); // its locator (§4.3.15)
        at.Put32(0);
        at.Put64(start + length);
        at.Put32(1);
        at.Put32(0x06054b50); // end of central directory (§4.3.16)
        at.Put16(0);
        at.Put16(0);
        at.Put16((ushort)Math.Min(count, ushort.MaxValue));
        at.Put16((ushort)Math.Min(count, ushort.MaxValue));
        at.Put32((uint)Math.Min(length, uint.MaxValue));
        at.Put32((uint)Math.Min(start, uint.MaxValue));
        at.Put16(0);
        return bytes;
    }

    private sealed class Entry(byte[] name, long offset, ushort method)
    {
        public byte[] Name { get; } = name;
        public long Offset { get; } = offset;
        public ushort Method { get; } = method;
        public uint Crc { get; set; }
        public long Length { get; set; }
        public long Compressed { get; set; }
    }

    private ref struct Little(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void Put16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)value);

        public void Put32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

        public void Put64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

        public void Put(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

        private Span<byte> Take(int count)
        {
            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }

    /// <summary>The content of one file: counts, checksums and compresses the bytes that are written.</summary>
    private sealed class EntryStream : WriteOnlyStream
    {
        private readonly ZipSink _zip;
        private readonly Entry _entry;
        private readonly Crc32 _crc = new();
        private readonly CountingStream _counted;
        private readonly DeflateStream? _deflate;
        private bool _closed;

        public EntryStream(ZipSink zip, Entry entry, CompressionLevel? level)
        {
            (_zip, _entry) = (zip, entry);
            _counted = new CountingStream(zip._output);
            if (level is { } compresses) _deflate = new DeflateStream(_counted, compresses, leaveOpen: true);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _crc.Append(buffer.Span);
            _entry.Length += buffer.Length;
            if (_deflate is null) await _counted.WriteAsync(buffer, cancellationToken);
            else await _deflate.WriteAsync(buffer, cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            if (_closed) return;
            _closed = true;
            await base.DisposeAsync();
            if (_deflate is not null) await _deflate.DisposeAsync();
            (_entry.Crc, _entry.Compressed) = (_crc.GetCurrentHashAsUInt32(), _counted.Count);
            _zip._position += _counted.Count;
            await _zip.WriteAsync(Descriptor(_entry), CancellationToken.None);
            _zip._isOpen = false;
        }
    }
}
