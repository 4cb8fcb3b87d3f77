using System.Text;

namespace Harmony.Dicom.Web.Multipart;

/// <summary>Limits of what is read of a multipart body. The content of parts has none: it streams.</summary>
public sealed record PartReaderOptions
{
    /// <summary>The defaults.</summary>
    public static PartReaderOptions Default { get; } = new();

    /// <summary>Most parts. Default 100,000.</summary>
    public int MaxParts { get; init; } = 100_000;

    /// <summary>Most bytes of the fields of a part. Default 16 KiB.</summary>
    public int MaxHead { get; init; } = 16 * 1024;

    /// <summary>Most fields of a part. Default 32.</summary>
    public int MaxFields { get; init; } = 32;
}

/// <summary>
/// Reads a multipart body part by part while it comes (RFC 2046 §5.1.1). A preamble, spaces behind a delimiter and a last delimiter without
/// line break are taken; a body that ends without its last delimiter is not. Memory: one buffer.
/// </summary>
public sealed class PartReader
{
    private const int BufferSize = 64 * 1024;

    private readonly Stream _body;
    private readonly PartReaderOptions _options;
    private readonly byte[] _delimiter; // CRLF -- boundary
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _hasEnded; // the body
    private bool _isFirst = true;
    private bool _isOver;
    private int _count;
    private bool _isInPart;

    /// <param name="body">The body from its first byte; not disposed.</param>
    /// <param name="boundary">The boundary that its content type names.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="MultipartFormatException">The boundary is none.</exception>
    public PartReader(Stream body, string boundary, PartReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!Boundary.IsValid(boundary)) throw new MultipartFormatException("the boundary must have 1 to 200 printable characters");
        (_body, _options) = (body, options ?? PartReaderOptions.Default);
        _delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
    }

    /// <summary>The next part; null behind the last. What is left of the part before is passed over.</summary>
    /// <exception cref="MultipartFormatException">The body is not multipart, or has more than is allowed.</exception>
    /// <exception cref="IOException">The body cannot be read.</exception>
    public async ValueTask<BodyPart?> NextAsync(CancellationToken ct)
    {
        if (_isOver) return null;
        if (_isFirst) await SkipPreambleAsync(ct);
        else await SkipPartAsync(ct);
        if (await IsLastAsync(ct))
        {
            _isOver = true;
            return null;
        }

        if (++_count > _options.MaxParts) throw new MultipartFormatException($"there are more than {_options.MaxParts} parts");
        var fields = await ReadFieldsAsync(ct);
        _isInPart = true;
        return new BodyPart(fields, new PartStream(this));
    }

    /// <summary>Reads content up to the next delimiter; 0 when that comes next, and has been passed over then.</summary>
    internal async ValueTask<int> ReadContentAsync(Memory<byte> to, CancellationToken ct)
    {
        while (_isInPart)
        {
            var there = _buffer.AsSpan(_start, _end - _start);
            var at = there.IndexOf(_delimiter);
            if (at == 0)
            {
                _start += _delimiter.Length;
                _isInPart = false;
                break;
            }

            // What may be the beginning of a delimiter waits until the rest has come.
            var certain = at > 0 ? at : there.Length - PossibleStart(there);
            if (certain > 0)
            {
                var count = Math.Min(certain, to.Length);
                there[..count].CopyTo(to.Span);
                _start += count;
                return count;
            }

            if (!await FillAsync(ct)) throw new MultipartFormatException("the body ends in the middle of a part: its last delimiter is missing");
        }

        return 0;
    }

    private int PossibleStart(ReadOnlySpan<byte> there)
    {
        for (var length = Math.Min(_delimiter.Length - 1, there.Length); length > 0; length--)
        {
            if (there[^length..].SequenceEqual(_delimiter.AsSpan(0, length))) return length;
        }

        return 0;
    }

    /// <summary>Goes to behind the first delimiter, which may be the first thing of all, without a line break before it.</summary>
    private async ValueTask SkipPreambleAsync(CancellationToken ct)
    {
        _isFirst = false;
        var first = _delimiter.Length - 2;
        while (_end - _start < first && await FillAsync(ct))
        {
        }

        if (_buffer.AsSpan(_start, _end - _start).StartsWith(_delimiter.AsSpan(2)))
        {
            _start += first;
            return;
        }

        if (_hasEnded && _end == _start) throw new MultipartFormatException("the body is empty");
        try
        {
            _isInPart = true;
            await SkipPartAsync(ct);
        }
        catch (MultipartFormatException)
        {
            throw new MultipartFormatException("the boundary that the content type names is not in the body");
        }
    }

    private async ValueTask SkipPartAsync(CancellationToken ct)
    {
        var scratch = new byte[4096];
        while (await ReadContentAsync(scratch, ct) > 0)
        {
        }
    }

    /// <summary>What follows a delimiter: two hyphens behind the last, or else the end of the line.</summary>
    private async ValueTask<bool> IsLastAsync(CancellationToken ct)
    {
        while (_end - _start < 2 && await FillAsync(ct))
        {
        }

        if (_buffer.AsSpan(_start, _end - _start).StartsWith("--"u8)) return true;
        var line = await ReadLineAsync(ct);
        return line.AsSpan().Trim(" \t").IsEmpty ? false : throw new MultipartFormatException("something other than a line break follows a delimiter");
    }

    private async ValueTask<Dictionary<string, string>> ReadFieldsAsync(CancellationToken ct)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var length = 0;
        string? last = null;
        while (await ReadLineAsync(ct) is { Length: > 0 } line)
        {
            length += line.Length + 2;
            if (length > _options.MaxHead) throw new MultipartFormatException($"the fields of a part have more than {_options.MaxHead} bytes");
            if (line[0] is ' ' or '\t' && last is not null)
            {
                fields[last] += line; // a folded line belongs to the one before (RFC 5322 §2.2.3)
                continue;
            }

            var colon = line.IndexOf(':');
            if (colon <= 0) throw new MultipartFormatException("a line of the fields of a part has no name and colon");
            last = line[..colon].Trim();
            if (fields.Count == _options.MaxFields) throw new MultipartFormatException($"a part has more than {_options.MaxFields} fields");
            fields.TryAdd(last, line[(colon + 1)..].Trim());
        }

        return fields;
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken ct)
    {
        while (true)
        {
            var there = _buffer.AsSpan(_start, _end - _start);
            var at = there.IndexOf("\r\n"u8);
            if (at >= 0)
            {
                var line = Encoding.Latin1.GetString(there[..at]);
                _start += at + 2;
                return line;
            }

            if (there.Length > _options.MaxHead) throw new MultipartFormatException($"the fields of a part have more than {_options.MaxHead} bytes");
            if (!await FillAsync(ct)) throw new MultipartFormatException("the body ends in the middle of the fields of a part");
        }
    }

    /// <summary>Reads more, behind what is there.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_hasEnded) return false;
        if (_start > 0 && (_start == _end || _end == _buffer.Length))
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await _body.ReadAsync(_buffer.AsMemory(_end), ct);
        _end += read;
        _hasEnded = read == 0;
        return read > 0;
    }
}
