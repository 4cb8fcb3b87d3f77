using System.Buffers;
using Harmony.Core.Content;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// JSON on its way through with other base URLs where FHIR has URLs of the server. Bytes are passed on as they come; nothing is parsed into objects, and
/// what is not JSON passes unchanged.
/// </summary>
internal sealed class JsonUrlStream(Stream source, BaseMap bases) : RewritingStream(source)
{
    private const int LongestName = 64, MaxDepth = 256;

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],:"u8);
    private static readonly SearchValues<byte> StringEnd = SearchValues.Create("\"\\"u8);

    private readonly Frame[] _stack = new Frame[MaxDepth];
    private readonly byte[] _name = new byte[LongestName];
    private int _depth, _nameLength;
    private bool _expectsName, _isInString;

    /// <inheritdoc/>
    protected override int Rewrite(ReadOnlySpan<byte> input, bool isLast)
    {
        var at = 0;
        while (at < input.Length)
        {
            if (_isInString)
            {
                var passed = PassString(input[at..], isLast);
                if (passed < 0) return at;
                at += passed;
                continue;
            }

            var next = input[at..].IndexOfAny(Structure);
            if (next < 0)
            {
                Output.Write(input[at..]);
                return input.Length;
            }

            Output.Write(input.Slice(at, next));
            at += next;
            if (input[at] != '"')
            {
                Step(input[at]);
                Output.Write(input.Slice(at, 1));
                at++;
                continue;
            }

            var used = Begin(input[at..], isLast);
            if (used < 0) return at;
            at += used;
        }

        return at;
    }

    /// <summary>A string begins: a name is remembered, a URL gets its base, all else is passed on.</summary>
    /// <returns>How many bytes are done with; -1 if more are needed to judge.</returns>
    private int Begin(ReadOnlySpan<byte> text, bool isLast)
    {
        if (_expectsName)
        {
            var end = text[1..].IndexOfAny(StringEnd);
            if (end < 0 && text.Length <= LongestName && !isLast) return -1;
            if (end >= 0 && end <= LongestName && text[1 + end] == '"')
            {
                text.Slice(1, end).CopyTo(_name);
                _nameLength = end;
            }
            else
            {
                _nameLength = 0; // no name of FHIR is so long or has an escape in it
            }
        }
        else if (!bases.IsEmpty && _depth is > 0 and <= MaxDepth && _stack[_depth - 1].IsObject && UrlPlaces.Holds(_name.AsSpan(0, _nameLength), _stack[_depth - 1].Name))
        {
            var value = text[1..];
            var needed = (2 * bases.Longest) + 1;
            var end = value.IndexOf((byte)'"');
            if (end < 0 && value.Length < needed && !isLast) return -1;
            if (bases.TryMatch(end >= 0 ? value[..end] : value, out var consumed, out var to))
            {
                Output.Write("\""u8);
                Output.Write(to);
                _isInString = true;
                return 1 + consumed;
            }
        }

        Output.Write("\""u8);
        _isInString = true;
        return 1;
    }

    /// <returns>How many bytes are done with; -1 if more are needed to judge.</returns>
    private int PassString(ReadOnlySpan<byte> text, bool isLast)
    {
        var end = text.IndexOfAny(StringEnd);
        if (end < 0)
        {
            Output.Write(text);
            return text.Length;
        }

        if (text[end] == '"')
        {
            _isInString = false;
            Output.Write(text[..(end + 1)]);
            return end + 1;
        }

        // A backslash and what it escapes stay together; a lone backslash at the end waits for its character.
        if (end + 1 == text.Length)
        {
            if (end == 0 && !isLast) return -1;
            var known = isLast ? text : text[..end];
            Output.Write(known);
            return known.Length;
        }

        Output.Write(text[..(end + 2)]);
        return end + 2;
    }

    private void Step(byte mark)
    {
        switch (mark)
        {
            case (byte)'{' or (byte)'[':
                if (_depth < MaxDepth) _stack[_depth].Open(mark == '{', _depth > 0 && !_stack[_depth - 1].IsObject ? _stack[_depth - 1].Name : _name.AsSpan(0, _nameLength));
                _depth++;
                _expectsName = mark == '{';
                _nameLength = mark == '{' ? 0 : _nameLength;
                break;
            case (byte)'}' or (byte)']':
                _depth = Math.Max(0, _depth - 1);
                _expectsName = false;
                break;
            case (byte)',':
                _expectsName = _depth is > 0 and <= MaxDepth && _stack[_depth - 1].IsObject;
                break;
            default:
                _expectsName = false;
                break;
        }
    }

    /// <summary>An object or list that is open. It has the name of the member, or of the list, that holds it.</summary>
    private struct Frame
    {
        private byte[]? _buffer;
        private int _length;

        public bool IsObject { get; private set; }

        public readonly ReadOnlySpan<byte> Name => _buffer.AsSpan(0, _length);

        public void Open(bool isObject, ReadOnlySpan<byte> name)
        {
            IsObject = isObject;
            _buffer ??= new byte[LongestName];
            name.CopyTo(_buffer);
            _length = name.Length;
        }
    }
}
