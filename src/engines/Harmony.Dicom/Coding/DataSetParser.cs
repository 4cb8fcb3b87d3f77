using System.Buffers;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Coding;

/// <summary>
/// Reads a data set from bytes that come in pieces of any size. It keeps its own stack, so that no nesting can exhaust the thread's;
/// it needs no more than 12 bytes at once, and keeps nothing of its input but the values.
/// </summary>
internal sealed class DataSetParser
{
    private readonly DicomReadOptions _options;
    private readonly WarningList _warnings;
    private readonly Func<long, long, bool, BulkData>? _bulkSource;
    private readonly OpenFrames _open;
    private readonly ValueCollector _collector;
    private readonly long _start;
    private readonly long _maxPosition;
    private ElementHeader _pending;
    private bool _isCollecting;
    private long _memory;
    private int _count;

    /// <param name="syntax">The encoding; a deflated one has been inflated before.</param>
    /// <param name="options">Limits.</param>
    /// <param name="warnings">Takes what is not as it should be.</param>
    /// <param name="start">Where in the source the first byte is.</param>
    /// <param name="slice">Whether input lives as long as the values, so that they may be parts of it.</param>
    /// <param name="bulkSource">Refers to a value that stays in the source, by offset, length and whether words are big endian; null if none can.</param>
    public DataSetParser(TransferSyntax syntax, DicomReadOptions options, WarningList warnings, long start = 0, bool slice = false, Func<long, long, bool,
        BulkData>? bulkSource = null)
    {
        (_options, _warnings, _bulkSource, _start, Position) = (options, warnings, bulkSource, start, start);
        _maxPosition = start + (syntax.IsDeflated ? options.MaxInflatedLength : options.MaxTotalLength);
        _collector = new ValueCollector(slice);
        var whole = new ParserFrame(FrameKind.DataSet, default, ParserFrame.Undefined) { IsExplicitVr = syntax.IsExplicitVr, IsBigEndian = syntax.IsBigEndian };
        _open = new OpenFrames(whole, options.MaxDepth, start, _maxPosition, warnings);
    }

    /// <summary>Whether <see cref="ResultBefore"/> is wanted rather than an error.</summary>
    public bool KeepsWhatWasRead => _options.KeepsWhatWasRead;

    /// <summary>Where in the source the next byte is.</summary>
    public long Position { get; private set; }

    /// <summary>How many of the next bytes are not looked at: a source that can leaves them out, and says so by <see cref="Skipped"/>.</summary>
    public long ToSkip { get; private set; }

    /// <summary>The element that <see cref="DicomReadOptions.StopBefore"/> stopped at.</summary>
    public DicomTag? StoppedBefore { get; private set; }

    private ParserFrame Frame => _open.Current;

    /// <summary>What was read, when <see cref="Parse"/> has returned true.</summary>
    public DicomReadResult Result => new(Frame.Build(_warnings, Position), _warnings.Warnings, StoppedBefore, Position - _start);

    /// <summary>Reads on.</summary>
    /// <param name="input">The next bytes; those that were read are cut off. The rest, fewer than 12, has to come again, with more.</param>
    /// <param name="isFinal">Whether no more will come.</param>
    /// <returns>Whether the data set has ended.</returns>
    /// <exception cref="DicomFormatException">It cannot be read.</exception>
    public bool Parse(ref ReadOnlySequence<byte> input, bool isFinal)
    {
        while (true)
        {
            if (!FinishValue(ref input)) return isFinal ? throw Truncated() : false;
            _open.CloseEnded(Position);
            var step = Frame.Kind switch
            {
                FrameKind.DataSet => ReadElement(ref input),
                FrameKind.Sequence => ReadItem(ref input),
                _ => ReadFragment(ref input),
            };
            if (step == ParserStep.End) return true;
            if (step == ParserStep.NeedsMore) return isFinal && EndOfInput(input.Length);
        }
    }

    /// <summary>What was read before something that cannot be.</summary>
    public DicomReadResult ResultBefore(DicomFormatException error)
    {
        while (!_open.IsTop) _open.Close(Position);
        return Result with { Error = error };
    }

    /// <summary>The source has left out this many of the bytes <see cref="ToSkip"/> told.</summary>
    public void Skipped(long count)
    {
        ToSkip -= count;
        Position += count;
    }

    private ParserStep ReadElement(ref ReadOnlySequence<byte> input)
    {
        // What follows a tag is not looked at before it is known to be an element.
        if (!HeaderReader.TryPeekItem(input, Frame.IsBigEndian, out var tag, out _)) return ParserStep.NeedsMore;
        var isTop = _open.IsTop;
        if (isTop && _options.OnlyGroup is { } group && tag.Group != group)
        {
            StoppedBefore = tag;
            return ParserStep.End;
        }

        if (tag.Group == 0xFFFE) return ReadDelimiter(ref input, tag, isTop);
        if (isTop && _options.StopBefore is { } stop && tag >= stop)
        {
            StoppedBefore = tag;
            return ParserStep.End;
        }

        if (isTop && tag.Group == 0 && Frame.Elements is [.., { Tag.Group: > 0 }])
        {
            _warnings.Add(DicomWarningKind.TrailingBytes, Frame.Elements[^1].Tag, Position);
            return ParserStep.End;
        }

        if (!isTop && Frame.End == ParserFrame.Undefined && Position == Frame.Bound)
        {
            _open.CloseUndelimited(Position); // what it is in ends here
            return ParserStep.Continue;
        }

        if (!isTop && Frame is { IsExplicitVr: false, Elements.Count: 0 } && HeaderReader.IsExplicit(input, Frame, Position))
        {
            _warnings.Add(DicomWarningKind.ExplicitVrInside, Frame.Tag, Position);
            Frame.IsExplicitVr = true;
        }

        if (!HeaderReader.TryPeek(input, Frame, _warnings, Position, out var header)) return ParserStep.NeedsMore;
        Count(header.Tag);
        Consume(ref input, header.Size);
        if (header.IsUndefined) OpenUndefined(header);
        else if (header is { Vr: Vr.UN, IsImplicit: false } && IsKnown(header.Tag, out var known)) StartUnknown(header, known);
        else if (header.Vr == Vr.SQ) _open.Open(FrameKind.Sequence, header, EndOf(header), !header.IsImplicit, Frame.IsBigEndian, Position);
        else StartValue(header);
        return ParserStep.Continue;
    }

    private ParserStep ReadDelimiter(ref ReadOnlySequence<byte> input, DicomTag tag, bool isTop)
    {
        if (tag == DicomTag.ItemDelimitation && !isTop && Frame.End == ParserFrame.Undefined)
        {
            Consume(ref input, HeaderReader.ShortSize);
            _open.Close(Position);
        }
        else if (tag == DicomTag.Item && isTop)
        {
            return PassOverItem(ref input);
        }
        else if (tag == DicomTag.Item
            || (tag == DicomTag.SequenceDelimitation && !isTop && (Frame.End == ParserFrame.Undefined || _open.Parent.End == ParserFrame.Undefined)))
        {
            _open.CloseUndelimited(Position); // the sequence it belongs to reads it again
        }
        else
        {
            Stray(ref input, tag);
        }

        return ParserStep.Continue;
    }

    /// <summary>An item without its sequence has no tag that it could be kept under.</summary>
    private ParserStep PassOverItem(ref ReadOnlySequence<byte> input)
    {
        if (!HeaderReader.TryPeekItem(input, Frame.IsBigEndian, out var tag, out var length)) return ParserStep.NeedsMore;
        _warnings.Add(DicomWarningKind.StrayItem, tag, Position);
        Count(tag);
        Consume(ref input, HeaderReader.ShortSize);
        if (length == ElementHeader.UndefinedLength) _open.Push(new ParserFrame(
            FrameKind.DataSet, tag, ParserFrame.Undefined)
        { IsExplicitVr = Frame.IsExplicitVr, IsBigEndian = Frame.IsBigEndian, IsStray = true });
        else ToSkip = _open.Checked(Position + length, tag, Position) - Position;
        return ParserStep.Continue;
    }

    private ParserStep ReadItem(ref ReadOnlySequence<byte> input)
    {
        if (Frame is { End: not ParserFrame.Undefined, Items.Count: 0 } && Frame.End - Position is < HeaderReader.ShortSize and var left)
        {
            // What is too short for an item is none, unless it is the length that is wrong; and what follows must not be taken for its tag.
            if (!HeaderReader.TryPeekTag(input, Frame.IsBigEndian, out var first)) return input.Length >= left ? TakeAsUnknown() : ParserStep.NeedsMore;
            if (first.Group != 0xFFFE) return TakeAsUnknown();
        }

        if (!HeaderReader.TryPeekItem(input, Frame.IsBigEndian, out var tag, out var length)) return ParserStep.NeedsMore;
        if (Frame.End == ParserFrame.Undefined && Position == Frame.Bound && tag != DicomTag.SequenceDelimitation)
        {
            _open.CloseUndelimited(Position); // what it is in ends here
        }
        else if (tag == DicomTag.Item)
        {
            Count(Frame.Tag);
            OpenItem(ref input, length);
        }
        else if (tag == DicomTag.SequenceDelimitation && Frame.End == ParserFrame.Undefined)
        {
            Consume(ref input, HeaderReader.ShortSize);
            _open.Close(Position);
        }
        else if (tag.Group == 0xFFFE)
        {
            Stray(ref input, tag);
        }
        else if (Frame.End == ParserFrame.Undefined || Frame.Items.Count > 0)
        {
            _open.CloseUndelimited(Position);
        }
        else
        {
            return TakeAsUnknown();
        }

        return ParserStep.Continue;
    }

    /// <summary>
    /// The value of what should be a sequence does not begin with an item: text, in a tag that others have another VR for (PS3.6 names CS for (0040,A170) in
    /// a note). It has a length, so its bytes can be kept, and what follows is found.
    /// </summary>
    private ParserStep TakeAsUnknown()
    {
        var (tag, length) = (Frame.Tag, Frame.End - Position);
        _warnings.Add(DicomWarningKind.NotASequence, tag, Position);
        _open.Drop();
        StartValue(new ElementHeader(tag, Vr.UN, (uint)length, 0, false));
        return ParserStep.Continue;
    }

    /// <summary>Whether the standard has a VR for an element that has lost its own (UN) on its way.</summary>
    private bool IsKnown(DicomTag tag, out Vr vr)
    {
        vr = Vr.UN;
        if (tag.IsPrivate) return false;
        vr = DicomDictionary.VrOf(tag, null, out var alternative);
        if (alternative == Vr.SS && Frame.HasSignedPixels) vr = Vr.SS;
        return vr != Vr.UN;
    }

    /// <summary>A known element of VR UN has the VR of the standard, and its value is in implicit VR little endian: PS3.5 §6.2.2.</summary>
    private void StartUnknown(ElementHeader header, Vr known)
    {
        if (known == Vr.SQ) _open.Open(FrameKind.Sequence, header, EndOf(header), isExplicitVr: false, isBigEndian: false, Position);
        else StartValue(header with { Vr = known, IsLittleEndian = true });
    }

    private void OpenItem(ref ReadOnlySequence<byte> input, uint length)
    {
        var isCutOff = Position + HeaderReader.ShortSize > Frame.Bound; // then it is the sequence whose length is wrong
        Consume(ref input, HeaderReader.ShortSize);
        var (end, claimedEnd) = (ParserFrame.Undefined, ParserFrame.Undefined);
        if (length != ElementHeader.UndefinedLength)
        {
            end = Position + length;
            if (end > Frame.Bound && !isCutOff)
            {
                _warnings.Add(DicomWarningKind.WrongLength, Frame.Tag, Position);
                (end, claimedEnd) = (Frame.Bound, end);
            }

            end = _open.Checked(end, Frame.Tag, Position);
        }

        _open.Push(Frame.Inside(FrameKind.DataSet, Frame.Tag, end, Vr.SQ, Frame.IsExplicitVr, Frame.IsBigEndian, claimedEnd));
    }

    private ParserStep ReadFragment(ref ReadOnlySequence<byte> input)
    {
        if (!HeaderReader.TryPeekItem(input, Frame.IsBigEndian, out var tag, out var length)) return ParserStep.NeedsMore;
        if (tag != DicomTag.Item && tag != DicomTag.SequenceDelimitation) throw Malformed("something other than a fragment stands in encapsulated pixel data");
        Consume(ref input, HeaderReader.ShortSize);
        if (tag == DicomTag.SequenceDelimitation)
        {
            _open.Close(Position);
            return ParserStep.Continue;
        }

        if (length == ElementHeader.UndefinedLength) throw Malformed("a fragment has no length");
        Count(Frame.Tag);
        StartValue(new ElementHeader(Frame.Tag, Frame.Vr, length, 0, false));
        return ParserStep.Continue;
    }

    private void OpenUndefined(ElementHeader header)
    {
        var isPixelData = header.Tag == DicomTag.PixelData;
        if (header.Vr is Vr.OB or Vr.OW && (isPixelData || !header.IsImplicit))
        {
            _open.Open(FrameKind.Fragments, header, ParserFrame.Undefined, Frame.IsExplicitVr, Frame.IsBigEndian, Position);
            return;
        }

        // A sequence whose VR was lost on its way is in implicit VR little endian: PS3.5 §6.2.2.
        var isUnknown = header.Vr == Vr.UN;
        if (header.Vr != Vr.SQ && !isUnknown) _warnings.Add(DicomWarningKind.UndefinedLength, header.Tag, Position);
        _open.Open(FrameKind.Sequence, header, ParserFrame.Undefined, !isUnknown && !header.IsImplicit, !isUnknown && Frame.IsBigEndian, Position);
    }

    private void StartValue(ElementHeader header)
    {
        var end = EndOf(header);
        if ((header.Length & 1) != 0) _warnings.Add(DicomWarningKind.OddLength, header.Tag, Position);
        var isTable = Frame.Kind == FrameKind.Fragments && Frame.OffsetTable is null;
        if (_bulkSource is not null && header.Length > _options.BulkThreshold && !isTable)
        {
            ToSkip = end - Position;
            var data = _bulkSource(Position, header.Length, IsSwapped(header) && header.Vr.WordSize() > 1 && Frame.Kind == FrameKind.DataSet);
            if (Frame.Kind == FrameKind.Fragments) Frame.Fragments.Add(data);
            else Frame.Add(new DicomBulkValue(header.Tag, header.Vr, data));
            return;
        }

        _memory += header.Length;
        if (header.Length > _options.MaxValueLength)
            throw new DicomLimitException($"{header.Tag} has {header.Length} bytes; {_options.MaxValueLength} are allowed", Position);
        if (_memory > _options.MaxMemory) throw new DicomLimitException($"values take more than {_options.MaxMemory} bytes, at {header.Tag}", Position);
        _pending = header;
        _isCollecting = true;
        _collector.Start((int)header.Length);
    }

    private bool IsSwapped(ElementHeader header) => Frame.IsBigEndian && !header.IsLittleEndian;

    /// <summary>Takes what has come of the value or of what is to be skipped.</summary>
    private bool FinishValue(ref ReadOnlySequence<byte> input)
    {
        if (ToSkip > 0)
        {
            var skipped = Math.Min(ToSkip, input.Length);
            input = input.Slice(skipped);
            Skipped(skipped);
            return ToSkip == 0;
        }

        if (!_isCollecting) return true;
        var before = input.Length;
        var wordSize = IsSwapped(_pending) && Frame.Kind == FrameKind.DataSet ? _pending.Vr.WordSize() : 1;
        var isWhole = _collector.TryTake(ref input, mayChange: wordSize > 1, out var value);
        Position += before - input.Length;
        if (!isWhole) return false;
        _isCollecting = false;
        ByteOrder.Swap(value.Span, wordSize);
        if (Frame.Kind == FrameKind.Fragments) Frame.AddFragment(value);
        else AddElement(new DicomValue(_pending.Tag, _pending.Vr, value, Frame.CharacterSet));
        return true;
    }

    private void AddElement(DicomValue value)
    {
        Frame.Add(value);
        if (value.Tag == DicomTag.SpecificCharacterSet && !Frame.CharacterSet.IsKnown) _warnings.Add(DicomWarningKind.UnknownCharacterSet, value.Tag, Position);
    }

    /// <summary>Where a value ends.</summary>
    private long EndOf(ElementHeader header) => _open.Checked(Position + header.Length, header.Tag, Position);

    private bool EndOfInput(long left)
    {
        if (_open.HasLength || (!_open.IsTop && left > 0)) throw Truncated();
        if (left >= HeaderReader.ShortSize) throw Truncated();
        if (left > 0) _warnings.Add(DicomWarningKind.TrailingBytes, Frame.Elements.Count > 0 ? Frame.Elements[^1].Tag : default, Position);
        if (!_open.IsTop) _warnings.Add(DicomWarningKind.MissingDelimiter, Frame.Tag, Position);
        while (!_open.IsTop) _open.Close(Position);
        return true;
    }

    private void Count(DicomTag tag)
    {
        if (++_count > _options.MaxElements) throw new DicomLimitException($"there are more than {_options.MaxElements} elements, at {tag}", Position);
    }

    private void Consume(ref ReadOnlySequence<byte> input, int count)
    {
        Position += count;
        if (Position > _maxPosition) throw new DicomLimitException($"the data set has more than {_maxPosition - _start} bytes", Position);
        if (Position > Frame.Bound) _open.Extend(Position, Position);
        input = input.Slice(count);
    }

    private void Stray(ref ReadOnlySequence<byte> input, DicomTag tag)
    {
        _warnings.Add(DicomWarningKind.StrayDelimiter, tag, Position);
        Count(tag);
        Consume(ref input, HeaderReader.ShortSize);
    }

    private DicomFormatException Malformed(string message) => new(message, Position);

    private DicomFormatException Truncated()
        => new(_isCollecting ? $"the data end in the middle of {_pending.Tag}" : "the data end in the middle of an element", Position);
}
