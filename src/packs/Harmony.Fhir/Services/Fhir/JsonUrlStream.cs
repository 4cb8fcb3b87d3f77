using System.Buffers;
using Harmony.Core.Faults;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>Replaces base URLs in JSON. Whether the JSON is well-formed behind its beginning is not checked.</summary>
/// <inheritdoc cref="UrlStream(Stream, BaseMap, FaultSource, long?)"/>
internal sealed class JsonUrlStream(Stream source, BaseMap bases, FaultSource sender, long? length = null) : UrlStream(source, bases, sender, length)
{
    private const int LongestName = 64, MaxDepth = 256;
    private const byte Quote = (byte)'"', Backslash = (byte)'\\';

    private readonly Level[] _levels = new Level[MaxDepth];
    private UrlPlace _name; // the meaning of the member whose value comes
    private int _depth;
    private bool _hasBegun, _expectsName, _isInString, _isEscaped;

    /// <inheritdoc/>
    protected override bool LeavesAlone(ReadOnlySpan<byte> input, bool isLast)
    {
        _hasBegun = _hasBegun || Beginning(input, isLast, "{["u8, "JSON") is not null;
        return _hasBegun && isLast && Bases.EndOfMentions(input) == 0;
    }

    /// <inheritdoc/>
    protected override int Rewrite(ReadOnlySpan<byte> input, bool isLast)
    {
        if (!_hasBegun) return 0;
        var (at, copied) = (0, 0); // bytes between the two are passed on as they are, in as few pieces as possible
        // Behind the last mention of a server nothing has to be understood, unless more follows: where links stand in front, that is most of a page.
        var end = isLast ? Bases.EndOfMentions(input) : input.Length;
        while (at < end)
        {
            if (_isInString)
            {
                at += PassString(input[at..]);
                continue;
            }

            var mark = input[at];
            if (mark != Quote)
            {
                Step(mark);
                at++;
                continue;
            }

            var text = input[(at + 1)..];
            if (_expectsName)
            {
                if (ReadName(text, isLast) is not { } length) break;
                at += 1 + length;
            }
            else if (!HoldsUrl)
            {
                _isInString = true;
                at++;
            }
            else
            {
                var close = text.IndexOf(Quote);
                if (close < 0 && text.Length < (2 * Bases.Longest) + 1 && !isLast) break;
                _isInString = true;
                at++;
                if (!Bases.TryMatch(close >= 0 ? text[..close] : text, out var consumed, out var to)) continue;
                Output.Write(input[copied..at]);
                Output.Write(to);
                copied = at += consumed;
            }
        }

        if (isLast) at = input.Length;
        Output.Write(input[copied..at]);
        return at;
    }

    private bool HoldsUrl => _depth is > 0 and <= MaxDepth && _levels[_depth - 1] is { IsObject: true, Name: var parent } && UrlPlaces.Holds(_name, parent);

    /// <summary>Reads the name of a member, and keeps its meaning.</summary>
    /// <returns>The number of bytes that are done with; null if more bytes are needed.</returns>
    private int? ReadName(ReadOnlySpan<byte> text, bool isLast)
    {
        var end = text.IndexOfAny(Quote, Backslash);
        if (end < 0 && text.Length <= LongestName && !isLast) return null;
        var isWhole = end >= 0 && text[end] == Quote;
        _name = isWhole && end <= LongestName ? UrlPlaces.Of(text[..end]) : UrlPlace.None; // no name of FHIR is so long or has an escape in it
        _isInString = !isWhole;
        return isWhole ? end + 1 : 0;
    }

    /// <returns>The number of bytes that are done with.</returns>
    private int PassString(ReadOnlySpan<byte> text)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            return 1;
        }

        var end = text.IndexOfAny(Quote, Backslash);
        if (end < 0) return text.Length;
        if (text[end] == Quote) _isInString = false;
        else _isEscaped = true;
        return end + 1;
    }

    private void Step(byte mark)
    {
        switch (mark)
        {
            case (byte)'{' or (byte)'[':
                var isObject = mark == '{';
                if (_depth < MaxDepth) _levels[_depth] = new Level(isObject, _depth > 0 && !_levels[_depth - 1].IsObject ? _levels[_depth - 1].Name : _name);
                _depth++;
                _expectsName = isObject;
                if (isObject) _name = UrlPlace.None;
                break;
            case (byte)'}' or (byte)']':
                _depth = Math.Max(0, _depth - 1);
                _expectsName = false;
                break;
            case (byte)',':
                _expectsName = _depth is > 0 and <= MaxDepth && _levels[_depth - 1].IsObject;
                break;
            case (byte)':':
                _expectsName = false;
                break;
        }
    }

    /// <summary>An open object or list, with the name of the member or list that holds it.</summary>
    private readonly record struct Level(bool IsObject, UrlPlace Name);
}
