using System.Runtime.InteropServices;
using Harmony.Dicom.Data.CharacterSets;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>What is being read: the data set, and within it sequences, items and fragments.</summary>
/// <param name="kind">Which of them.</param>
/// <param name="tag">The element it is the value of; of an item, its sequence.</param>
/// <param name="end">Where it ends, in bytes from the beginning; -1 when a delimiter ends it.</param>
internal sealed class ParserFrame(FrameKind kind, DicomTag tag, long end)
{
    public const long Undefined = -1;

    private Dictionary<DicomTag, string>? _creators;

    public FrameKind Kind { get; } = kind;

    public DicomTag Tag { get; } = tag;

    public long End { get; set; } = end;

    /// <summary>Where it has to have ended: at its end, or at that of what it is in.</summary>
    public long Bound { get; set; } = end == Undefined ? long.MaxValue : end;

    /// <summary>Of an item that is longer than what it is in, and was cut off there: where it ends by its own length; else -1.</summary>
    public long ClaimedEnd { get; init; } = Undefined;

    public Vr Vr { get; init; } = Vr.SQ;

    public bool IsExplicitVr { get; set; }

    public bool IsBigEndian { get; init; }

    public SpecificCharacterSet CharacterSet { get; set; } = SpecificCharacterSet.Default;

    /// <summary>Whether (0028,0103) says that pixels have a sign: then elements that are US or SS are SS.</summary>
    public bool HasSignedPixels { get; set; }

    public List<DicomElement> Elements { get; } = kind == FrameKind.DataSet ? [] : None<DicomElement>.List;

    public List<DicomDataSet> Items { get; } = kind == FrameKind.Sequence ? [] : None<DicomDataSet>.List;

    public List<BulkData> Fragments { get; } = kind == FrameKind.Fragments ? [] : None<BulkData>.List;

    /// <summary>Whether what it holds belongs to no element, and is not kept.</summary>
    public bool IsStray { get; init; }

    /// <summary>Null until the first item of fragments, which is the table, was read.</summary>
    public uint[]? OffsetTable { get; set; }

    public ParserFrame Inside(FrameKind inner, DicomTag tag, long end, Vr vr, bool isExplicitVr, bool isBigEndian, long claimedEnd = Undefined)
        => new(inner, tag, end)
        {
            ClaimedEnd = claimedEnd,
            Bound = end == Undefined ? Bound : end,
            Vr = vr,
            IsExplicitVr = isExplicitVr,
            IsBigEndian = isBigEndian,
            CharacterSet = CharacterSet,
            HasSignedPixels = HasSignedPixels,
        };

    /// <summary>The elements as a data set.</summary>
    public DicomDataSet Build(WarningList warnings, long position) => new(ElementOrder.Sort(Elements, warnings, position), CharacterSet);

    /// <summary>The creator of a private element's block; null if none was read.</summary>
    public string? PrivateCreatorOf(DicomTag tag)
        => tag.Element >= 0x1000 && _creators is not null && _creators.TryGetValue(tag.PrivateCreatorTag, out var creator) ? creator : null;

    /// <summary>
    /// Adds an element, and remembers what the elements after it depend on: the character set, the sign of pixels, the private creator of a block.
    /// </summary>
    public void Add(DicomElement element)
    {
        if (element is DicomValue value) Remember(value);
        Elements.Add(element);
    }

    /// <summary>Adds a fragment; the first is the table of offsets (PS3.5 §A.4).</summary>
    public void AddFragment(ReadOnlyMemory<byte> value)
    {
        if (OffsetTable is not null)
        {
            Fragments.Add(new MemoryBulkData(value));
            return;
        }

        OffsetTable = MemoryMarshal.Cast<byte, uint>(value.Span).ToArray();
        if (BitConverter.IsLittleEndian == IsBigEndian) ByteOrder.Swap(MemoryMarshal.AsBytes(OffsetTable.AsSpan()), sizeof(uint));
    }

    private void Remember(DicomValue value)
    {
        if (value.Tag == DicomTag.SpecificCharacterSet) CharacterSet = SpecificCharacterSet.Parse(value.GetStrings());
        else if (value.Tag == DicomTag.PixelRepresentation) HasSignedPixels = value.TryGetInt64(0, out var representation) && representation == 1;
        else if (value.Tag.IsPrivateCreator) (_creators ??= []).TryAdd(value.Tag, value.GetText().Trim());
    }

    /// <summary>The list of those that are of another kind: it stays empty.</summary>
    private static class None<T>
    {
        public static readonly List<T> List = [];
    }
}

/// <summary>What a <see cref="ParserFrame"/> holds.</summary>
internal enum FrameKind
{
    /// <summary>Elements: of the data set itself or of an item.</summary>
    DataSet,

    /// <summary>Items.</summary>
    Sequence,

    /// <summary>An offset table and fragments.</summary>
    Fragments,
}

/// <summary>What came of one step of <see cref="DataSetParser"/>.</summary>
internal enum ParserStep
{
    /// <summary>Something was read.</summary>
    Continue,

    /// <summary>There are too few bytes.</summary>
    NeedsMore,

    /// <summary>The data set has ended.</summary>
    End,
}
