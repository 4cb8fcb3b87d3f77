using System.Buffers;
using Harmony.Core.Faults;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// Replaces base URLs in XML, which stand in the attribute <c>value</c> of some elements. Document types are refused, and elements nested more than 256 deep;
/// whether the names of start and end tags match is not checked.
/// </summary>
/// <inheritdoc cref="UrlStream(Stream, BaseMap, FaultSource, long?)"/>
internal sealed class XmlUrlStream(Stream source, BaseMap bases, FaultSource sender, long? length = null) : UrlStream(source, bases, sender, length)
{
    private const int LongestName = 256, MaxDepth = 256;
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8), NameEnds = SearchValues.Create(" \t\r\n/>"u8);
    private static readonly SearchValues<byte> AttributeEnds = SearchValues.Create("\"'<>"u8);

    private readonly UrlPlace[] _open = new UrlPlace[MaxDepth]; // the elements around
    private int _depth;
    private UrlPlace _name; // the meaning of the element whose tag is read
    private Part _part;
    private byte _quote;
    private bool _isEmpty, _hasRoot, _mayBeUrl;

    private enum Part
    {
        Start,
        Text,
        Tag,
        Value,
        EndTag,
        Comment,
        CData,
        Instruction,
    }

    private UrlPlace Parent => _depth > 0 ? _open[_depth - 1] : UrlPlace.None;

    /// <inheritdoc/>
    protected override int Rewrite(ReadOnlySpan<byte> input, bool isLast)
    {
        var (at, copied) = (0, 0); // bytes between the two are passed on as they are
        // Behind the last mention of a server nothing has to be understood, unless more follows. In front of the first element there may be a document type.
        var end = isLast ? Bases.EndOfMentions(input) : input.Length;
        while (at < end || (!_hasRoot && at < input.Length))
        {
            if (Step(input[at..], isLast) is not { } step) break;
            at += step;
            if (!_mayBeUrl) continue;
            _mayBeUrl = false;
            var value = input[at..];
            if (value.IndexOf(_quote) is >= 0 and var close) value = value[..close];
            if (!Bases.TryMatch(value, out var consumed, out _)) continue;
            Output.Write(input[copied..at]);
            Output.Write(Bases.ToXml);
            copied = at += consumed;
        }

        if (isLast) at = input.Length;
        Output.Write(input[copied..at]);
        return at;
    }

    /// <returns>The number of bytes that are done with; null if more bytes are needed.</returns>
    private int? Step(ReadOnlySpan<byte> text, bool isLast)
    {
        switch (_part)
        {
            case Part.Start:
                if (Beginning(text, isLast, "<"u8, "XML") is not { } start) return null;
                _part = Part.Text;
                return start;
            case Part.Text:
                return Text(text, isLast);
            case Part.Tag:
                return Tag(text, isLast);
            case Part.Value:
                return Until([_quote], text, isLast, Part.Tag);
            case Part.EndTag:
                return Until(">"u8, text, isLast, Part.Text);
            case Part.Comment:
                return Until("-->"u8, text, isLast, Part.Text);
            case Part.CData:
                return Until("]]>"u8, text, isLast, Part.Text);
            default:
                return Until("?>"u8, text, isLast, Part.Text);
        }
    }

    private int? Text(ReadOnlySpan<byte> text, bool isLast)
    {
        var mark = text.IndexOf((byte)'<');
        if (mark != 0) return mark < 0 ? text.Length : mark;
        if (text.Length == 1) return isLast ? 1 : null;
        switch (text[1])
        {
            case (byte)'/':
                if (_depth == 0) throw Refused("has an end tag too many");
                _depth--;
                _part = Part.EndTag;
                return 2;
            case (byte)'?':
                _part = Part.Instruction;
                return 2;
            case (byte)'!':
                return Declaration(text, isLast);
            default:
                return Name(text[1..], isLast) is { } length ? 1 + length : null;
        }
    }

    private int? Declaration(ReadOnlySpan<byte> text, bool isLast)
    {
        var comment = "<!--"u8;
        var data = "<![CDATA["u8;
        if (text.StartsWith(comment)) return Enter(Part.Comment, comment.Length);
        if (text.StartsWith(data)) return Enter(Part.CData, data.Length);
        if (!isLast && (comment.StartsWith(text) || data.StartsWith(text))) return null;
        throw Refused("has a document type, which FHIR does not have");
    }

    private int? Name(ReadOnlySpan<byte> text, bool isLast)
    {
        var end = text.IndexOfAny(NameEnds);
        if (end < 0 && text.Length <= LongestName && !isLast) return null;
        var name = end < 0 ? text : text[..end];
        var isName = name.Length is > 0 and <= LongestName && (char.IsAsciiLetter((char)name[0]) || name[0] is (byte)'_' or >= 0x80);
        if (!isName) throw Refused("has a '<' that begins no element");
        (_name, _isEmpty, _hasRoot) = (UrlPlaces.Of(name[(name.LastIndexOf((byte)':') + 1)..]), false, true);
        return Enter(Part.Tag, name.Length);
    }

    /// <summary>Reads an attribute up to the beginning of its value, or the blanks between attributes.</summary>
    private int? Tag(ReadOnlySpan<byte> text, bool isLast)
    {
        var blanks = text.IndexOfAnyExcept(Blanks);
        if (blanks != 0) return blanks < 0 ? text.Length : blanks;
        switch (text[0])
        {
            case (byte)'>':
                if (!_isEmpty && _depth == MaxDepth) throw Refused($"is nested more than {MaxDepth} deep");
                if (!_isEmpty) _open[_depth++] = _name;
                return Enter(Part.Text, 1);
            case (byte)'/':
                _isEmpty = true;
                return 1;
        }

        var quote = text.IndexOfAny(AttributeEnds);
        if (quote < 0 && text.Length <= LongestName && !isLast) return null;
        if (quote < 0 && isLast) return text.Length;
        if (quote < 0 || text[quote] is (byte)'<' or (byte)'>') throw Refused("has a tag that is no XML");
        var name = text[..quote].TrimEnd(" \t\r\n="u8);
        var value = text[(quote + 1)..];
        _mayBeUrl = name.SequenceEqual("value"u8) && UrlPlaces.Holds(_name, Parent);
        if (_mayBeUrl && !isLast && value.Length <= 2 * Bases.Longest && !value.Contains(text[quote]))
        {
            _mayBeUrl = false;
            return null;
        }

        (_quote, _isEmpty) = (text[quote], false);
        return Enter(Part.Value, quote + 1);
    }

    /// <summary>Passes the bytes up to the end of a mark.</summary>
    private int? Until(ReadOnlySpan<byte> mark, ReadOnlySpan<byte> text, bool isLast, Part next)
    {
        if (text.IndexOf(mark) is >= 0 and var found) return Enter(next, found + mark.Length);
        var certain = isLast ? text.Length : text.Length - mark.Length + 1; // behind that the mark may begin
        return certain > 0 ? certain : null;
    }

    private int Enter(Part part, int length)
    {
        _part = part;
        return length;
    }
}
