using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>The data set that is being read, and within it the sequences, items and fragments that have begun and not ended.</summary>
/// <param name="whole">The data set that everything else is in.</param>
/// <param name="maxDepth">How many sequences may be within each other.</param>
/// <param name="start">Where in the source the data set begins, in bytes.</param>
/// <param name="maxPosition">Where everything has to have ended, in bytes from the beginning of the source.</param>
/// <param name="warnings">Takes lengths that are wrong and delimiters that are missing.</param>
internal sealed class OpenFrames(ParserFrame whole, int maxDepth, long start, long maxPosition, WarningList warnings)
{
    private readonly Stack<ParserFrame> _outer = [];

    /// <summary>The innermost.</summary>
    public ParserFrame Current { get; private set; } = whole;

    /// <summary>What the innermost is in.</summary>
    public ParserFrame Parent => _outer.Peek();

    /// <summary>Whether only the data set itself is open.</summary>
    public bool IsTop => _outer.Count == 0;

    /// <summary>Whether a length, rather than a delimiter, ends any of them.</summary>
    public bool HasLength => Current.End != ParserFrame.Undefined || _outer.Any(f => f.End != ParserFrame.Undefined);

    /// <summary>Opens the value of an element.</summary>
    /// <exception cref="DicomLimitException">Too many sequences are within each other.</exception>
    public void Open(FrameKind kind, ElementHeader header, long end, bool isExplicitVr, bool isBigEndian, long position)
    {
        // Every level is a sequence and an item.
        if (_outer.Count / 2 >= maxDepth) throw new DicomLimitException($"sequences are nested more than {maxDepth} deep, at {header.Tag}", position);
        Push(Current.Inside(kind, header.Tag, end, kind == FrameKind.Sequence ? Vr.SQ : header.Vr, isExplicitVr, isBigEndian));
    }

    public void Push(ParserFrame frame)
    {
        _outer.Push(Current);
        Current = frame;
    }

    /// <summary>Forgets the innermost, which turned out to be something else.</summary>
    public void Drop() => Current = _outer.Pop();

    /// <summary>Closes what ends here by its length.</summary>
    public void CloseEnded(long position)
    {
        while (!IsTop && Current.End == position) Close(position);
    }

    public void Close(long position)
    {
        var ended = Current;
        Current = _outer.Pop();
        if (ended.IsStray) return;
        if (ended.Kind == FrameKind.DataSet) Current.Items.Add(ended.Build(warnings, position));
        else if (ended.Kind == FrameKind.Sequence) Current.Add(new DicomSequence(ended.Tag, ended.Items));
        else Current.Add(new DicomFragments(ended.Tag, ended.Vr, ended.OffsetTable ?? [], ended.Fragments));
    }

    /// <summary>Closes an item or a sequence that ends here though neither its length nor a delimiter says so.</summary>
    public void CloseUndelimited(long position)
    {
        warnings.Add(Current.End == ParserFrame.Undefined ? DicomWarningKind.MissingDelimiter : DicomWarningKind.WrongLength, Current.Tag, position);
        Close(position);
    }

    /// <summary>The end of something, if it may be there; what it is in ends no earlier.</summary>
    /// <exception cref="DicomLimitException">It is after all that may be read.</exception>
    public long Checked(long end, DicomTag tag, long position)
    {
        if (end > maxPosition) throw new DicomLimitException($"{tag} ends after {maxPosition - start} bytes, which is all that is allowed", position);
        if (end > Current.Bound) Extend(end, position);
        return end;
    }

    /// <summary>Something goes on after the end of what it is in: lengths around it are too small, so they are put right.</summary>
    public void Extend(long end, long position)
    {
        warnings.Add(DicomWarningKind.WrongLength, Current.Tag, position);
        foreach (var frame in _outer.Prepend(Current))
        {
            // An item that was cut off at the end of its sequence was right after all.
            if (frame.ClaimedEnd != ParserFrame.Undefined && frame.ClaimedEnd <= maxPosition && frame.End < end) end = Math.Max(end, frame.ClaimedEnd);
            if (frame.End != ParserFrame.Undefined) frame.End = Math.Max(frame.End, end);
            frame.Bound = Math.Max(frame.Bound, end);
        }
    }
}
