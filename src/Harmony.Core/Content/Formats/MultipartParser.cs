using System.Text;

namespace Harmony.Core.Content.Formats;

/// <summary>
/// Splits a multipart body (RFC 2046 §5.1.1) into ranges of it. Strict: lines end with CR LF, a delimiter stands alone on its line, and the
/// closing one is there, so that no other parser finds other parts in it. What stands before the first and behind the last delimiter is ignored.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="boundary">The boundary, checked already.</param>
internal sealed class MultipartParser(ReadOnlyMemory<byte> body, string boundary)
{
    /// <summary>Bytes of the field lines of one part.</summary>
    private const int MaxHead = 16 * 1024;

    /// <summary>Field lines of one part.</summary>
    private const int MaxFields = 32;

    private readonly byte[] _delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
    private int _at = -1;

    /// <summary>The next part; null behind the closing delimiter.</summary>
    /// <exception cref="ContentException">The body breaks the form.</exception>
    public MultipartPart? ReadPart()
    {
        if (_at < 0) _at = EndOfFirstDelimiter();
        if (IsClosing()) return null;
        SkipLineEnd();
        var headers = ReadHead();
        var end = FindDelimiter(_at - 2); // a part without content: the empty line's CR LF is the delimiter's, too
        var content = end < _at ? default : body[_at..end];
        _at = end + _delimiter.Length;
        return new MultipartPart(headers, content);
    }

    private int EndOfFirstDelimiter()
        => body.Span.StartsWith(_delimiter.AsSpan(2)) && IsAlone(_delimiter.Length - 2) ? _delimiter.Length - 2 : FindDelimiter(0) + _delimiter.Length;

    private bool IsClosing() => body.Span[_at..].StartsWith("--"u8);

    private int FindDelimiter(int from)
    {
        while (body.Span[from..].IndexOf(_delimiter) is var found and >= 0)
        {
            from += found;
            if (IsAlone(from + _delimiter.Length)) return from;
            from += _delimiter.Length;
        }

        throw ContentException.Malformed("is not multipart: a delimiter is missing; it may be cut off");
    }

    /// <summary>Whether only two dashes, or blanks, stand between a delimiter and the end of its line: <c>--ab</c> is not the delimiter of <c>a</c>.</summary>
    private bool IsAlone(int at)
    {
        var rest = body.Span[at..];
        return rest.StartsWith("--"u8) || rest.TrimStart(" \t"u8).StartsWith("\r\n"u8);
    }

    private void SkipLineEnd() => _at += body.Span[_at..].IndexOf("\r\n"u8) + 2;

    private List<KeyValuePair<string, string>> ReadHead()
    {
        var headers = new List<KeyValuePair<string, string>>();
        var start = _at;
        while (true)
        {
            var window = body.Span.Slice(_at, Math.Min(MaxHead - (_at - start), body.Length - _at));
            var length = window.IndexOf("\r\n"u8);
            if (length < 0) throw ContentException.Malformed($"is not multipart: the head of a part does not end within {MaxHead} bytes");
            var line = window[..length];
            _at += length + 2;
            if (length == 0) return headers;
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || headers.Count == MaxFields)
                throw ContentException.Malformed("is not multipart: the head of a part has a line that is no field, or too many of them");
            headers.Add(new(Encoding.ASCII.GetString(line[..colon]).ToLowerInvariant(), Charsets.Decode(line[(colon + 1)..], null).Trim()));
        }
    }
}

/// <summary>One part of a multipart body.</summary>
/// <param name="Headers">Its field lines, names in lower case.</param>
/// <param name="Content">Its bytes, a range of the body.</param>
internal sealed record MultipartPart(IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Content)
{
    /// <summary>Whether a field is there twice, so that two readers may take two values of it.</summary>
    public bool HasRepeatedField => Headers.DistinctBy(h => h.Key).Count() < Headers.Count;

    /// <summary>The value of a field, or null.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(h => h.Key == name).Value;
}
