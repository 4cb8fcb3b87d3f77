using System.Buffers.Binary;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>The colour tables of PALETTE COLOR: (0028,1101) to (0028,1223), PS3.3 §C.7.6.3.1.5 and §C.7.9.</summary>
internal sealed class Palette
{
    private const int Colors = 3;
    private static readonly DicomTag[] Descriptors =
        [DicomTag.RedPaletteColorLookupTableDescriptor, DicomTag.GreenPaletteColorLookupTableDescriptor, DicomTag.BluePaletteColorLookupTableDescriptor];
    private static readonly DicomTag[] Data =
        [DicomTag.RedPaletteColorLookupTableData, DicomTag.GreenPaletteColorLookupTableData, DicomTag.BluePaletteColorLookupTableData];
    private static readonly DicomTag[] Segmented =
        [DicomTag.SegmentedRedPaletteColorLookupTableData, DicomTag.SegmentedGreenPaletteColorLookupTableData,
            DicomTag.SegmentedBluePaletteColorLookupTableData];

    private readonly LookupTable[] _tables;

    private Palette(LookupTable[] tables) => _tables = tables;

    /// <exception cref="ImagingException">NotAnImage: a table is missing or damaged.</exception>
    public static Palette Of(DicomDataSet dataSet, bool isSigned)
    {
        var tables = new LookupTable[Colors];
        for (var i = 0; i < Colors; i++)
        {
            tables[i] = (dataSet.Contains(Segmented[i]) ? OfSegments(dataSet, i, isSigned) : LookupTable.Of(dataSet, Descriptors[i], Data[i], isSigned))
                ?? throw new ImagingException(
                    ImagingErrorKind.NotAnImage, $"the object has PALETTE COLOR pixels, and its table {Data[i]} is missing or damaged");
        }

        // Some say 16 bits and mean 8.
        if (tables.All(t => t.Bits > 8 && Array.TrueForAll(t.Entries, e => e <= byte.MaxValue))) tables = Array.ConvertAll(tables, t => t with { Bits = 8 });
        return new Palette(tables);
    }

    /// <summary>The colour of a value, each 0 to <paramref name="max"/>.</summary>
    public void Color(int value, int max, Span<ushort> color)
    {
        for (var i = 0; i < Colors; i++)
        {
            var (entry, bits) = (_tables[i][value], _tables[i].Bits);
            color[i] = (ushort)(max == byte.MaxValue ? (bits > 8 ? entry >> (bits - 8) : entry * 255 / _tables[i].Max) : entry * (long)max / _tables[i].Max);
        }
    }

    /// <summary>Tables that are written as segments: discrete values, straight lines, and repetitions of other segments (§C.7.9.2).</summary>
    private static LookupTable? OfSegments(DicomDataSet dataSet, int color, bool isSigned)
    {
        if (LookupTable.Descriptor(dataSet, Descriptors[color], isSigned) is not var (count, first, bits)
            || !dataSet.TryGet<DicomValue>(Segmented[color], out var value)) return null;
        var words = new ushort[value.Bytes.Length / (bits <= 8 ? 1 : 2)];
        for (var i = 0; i < words.Length; i++)
            words[i] = bits <= 8 ? value.Bytes.Span[i] : BinaryPrimitives.ReadUInt16LittleEndian(value.Bytes.Span[(2 * i)..]);
        var entries = new List<ushort>(count);
        return Expand(words, 0, words.Length, int.MaxValue, entries, count, isBytes: bits <= 8, canRepeat: true) && entries.Count > 0
            ? new LookupTable(first, bits, [.. entries])
            : null;
    }

    /// <returns>False if the segments are damaged.</returns>
    private static bool Expand(ushort[] words, int at, int end, int segments, List<ushort> entries, int count, bool isBytes, bool canRepeat)
    {
        const int Discrete = 0, Linear = 1, Indirect = 2;
        for (; segments > 0 && at + 1 < end && entries.Count < count; segments--)
        {
            var (kind, length) = (words[at], words[at + 1]);
            at += 2;
            switch (kind)
            {
                case Discrete when at + length <= end:
                    entries.AddRange(words.AsSpan(at, Math.Min(length, count - entries.Count)));
                    at += length;
                    break;
                case Linear when at < end && entries.Count > 0:
                    var (from, to) = (entries[^1], words[at++]);
                    for (var i = 1; i <= length && entries.Count < count; i++) entries.Add((ushort)(from + (int)Math.Round((to - from) * (double)i / length)));
                    break;
                case Indirect when canRepeat && at + (isBytes ? 4 : 2) <= end:
                    // The offset of the first segment to repeat, in bytes, least significant part first.
                    var offset = isBytes
                        ? words[at] + (words[at + 1] * 0x100L) + (words[at + 2] * 0x10000L) + (words[at + 3] * 0x1000000L)
                        : (words[at] + (words[at + 1] * 0x10000L)) / 2;
                    at += isBytes ? 4 : 2;
                    if (offset >= at || !Expand(words, (int)offset, end, length, entries, count, isBytes, canRepeat: false)) return false;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
