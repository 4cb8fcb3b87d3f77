using System.Buffers.Binary;
using Harmony.Dicom.Data;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging.Tests.Rendering;

/// <summary>A kind of image, and how DCMTK is asked to show it.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Make">The object.</param>
/// <param name="Dcm2pnm">Options of <c>dcm2pnm</c>; null: it does not know this kind.</param>
/// <param name="Tolerance">How far shades may be off.</param>
internal sealed record PhotometryCase(string Name, Func<DicomDataSet> Make, string? Dcm2pnm = "", int Tolerance = 0)
{
    public RenderOptions Options { get; init; } = RenderOptions.Default;

    public int Frame { get; init; } = 1;
}

internal static class PhotometryCases
{
    private static readonly Picture U8 = new();
    private static readonly Picture U12 = Picture.Of("u12");
    private static readonly Picture Color = Picture.Of("rgb");

    public static IReadOnlyList<PhotometryCase> All { get; } =
    [
        new("monochrome2-8", () => U8.DataSet()),
        new("monochrome1-8", () => U8.DataSet(b => b.Set(DicomTag.PhotometricInterpretation, "MONOCHROME1")), "", 1),
        new("monochrome2-12-range", () => U12.DataSet(), "+Wm"),
        new("monochrome2-12-window", () => U12.DataSet(b => b.Set(DicomTag.WindowCenter, 1500).Set(DicomTag.WindowWidth, 1000)), "+Wi 1"),
        new("monochrome1-12-window", () => U12.DataSet(
            b => b.Set(DicomTag.PhotometricInterpretation, "MONOCHROME1").Set(DicomTag.WindowCenter, 1500).Set(DicomTag.WindowWidth, 1000)), "+Wi 1"),
        new("second-window", () => U12.DataSet(b => b.Set(DicomTag.WindowCenter, 1500, 3000).Set(DicomTag.WindowWidth, 1000, 700)), "+Wi 2", 1)
        {
            Options = new() { WindowIndex = 2 }
        },
        new("asked-window", () => U12.DataSet(), "+Ww 2000 3001") { Options = new() { Window = new(2000, 3001) } },
        new("signed-12-rescaled", () => Picture.Of("s12").DataSet(b => b.Set(
            DicomTag.RescaleSlope, "2").Set(DicomTag.RescaleIntercept, "-1024").Set(DicomTag.WindowCenter, -500).Set(DicomTag.WindowWidth, 3000)), "+Wi 1"),
        new("signed-16-range", () => Picture.Of("s16").DataSet(), "+Wm"),
        new("unsigned-16-range", () => Picture.Of("u16").DataSet(), "+Wm"),
        new("signed-8", () => Picture.Of("s8").DataSet()),
        new("unsigned-10-of-16", () => Picture.Of("u10").DataSet(), "+Wm"),
        new("high-bit-15-of-12", () => Shifted(U12), "+Wm"),
        new("one-bit", OneBit, "+Wm"),
        new("unsigned-32", () => Picture.Of("u32").DataSet(), null),
        new("real-numbers", Real, null),
        new("modality-lut", () => U12.DataSet(b => b.Set(DicomTag.ModalityLUTSequence, [Lut(b, 4096, 0, 16, i => (i * i) >> 8)])), "+Wm"),
        new("voi-lut", () => U12.DataSet(b => b.Set(DicomTag.VOILUTSequence, [Lut(b, 2000, 1000, 8, i => i * 255 / 2000)])), "+Wl 1"),
        new("voi-lut-12-bits", () => U12.DataSet(b => b.Set(DicomTag.VOILUTSequence, [Lut(b, 4096, 0, 12, i => 4095 - i)])), "+Wl 1", 1),
        new("sigmoid", () => U12.DataSet(b => b.Set(DicomTag.WindowCenter, 2048).Set(DicomTag.WindowWidth, 1500).Set(DicomTag.VOILUTFunction, "SIGMOID")),
            "+Wi 1 +Wfs"),
        new("linear-exact",
            () => U12.DataSet(b => b.Set(DicomTag.WindowCenter, 2048).Set(DicomTag.WindowWidth, 1500).Set(DicomTag.VOILUTFunction, "LINEAR_EXACT")), null),
        new("presentation-inverse", () => U12.DataSet(b => b.Set(DicomTag.PresentationLUTShape, "INVERSE")), "+Wm"),
        new("monochrome1-presentation-inverse",
            () => U12.DataSet(b => b.Set(DicomTag.PhotometricInterpretation, "MONOCHROME1").Set(DicomTag.PresentationLUTShape, "INVERSE")), "+Wm"),
        new("padding-low", () => Padded(0), "+Wi 1"),
        new("padding-high", () => Padded(4095), null),
        new("palette-8", () => Palette(8)),
        new("palette-16", () => Palette(16)),
        new("palette-segmented", () => Palette(16, isSegmented: true), null),
        new("rgb", () => Color.DataSet()),
        new("rgb-planar", () => Planar(Color.DataSet())),
        new("rgb-16", () => Picture.Of("rgb16").DataSet(), "", 1),
        new("ybr-full", () => Color.DataSet(b => b.Set(DicomTag.PhotometricInterpretation, "YBR_FULL")), "", 2),
        new("ybr-full-422", Shared422, "", 2),
        new("ybr-partial-420", () => Color.DataSet(b => b.Set(DicomTag.PhotometricInterpretation, "YBR_PARTIAL_420")), null),
        new("ybr-rct-label", () => Color.DataSet(b => b.Set(DicomTag.PhotometricInterpretation, "YBR_RCT")), null),
        new("overlay", () => U8.DataSet(AddOverlay)),
        new("overlay-on-monochrome1", () => U8.DataSet(b => AddOverlay(b.Set(DicomTag.PhotometricInterpretation, "MONOCHROME1"))), "", 1),
        new("overlay-in-pixels", EmbeddedOverlay, "+Wi 1"),
        new("no-overlay", () => U8.DataSet(AddOverlay), "-O") { Options = new() { DrawsOverlays = false } },
        new("second-frame", () => Picture.Of("u12x3").DataSet(), "+Wm +F 2") { Frame = 2 },
        new("functional-groups", FunctionalGroups, null) { Frame = 2 },
        new("icc", () => Color.DataSet(b => b.Set(new DicomValue(DicomTag.ICCProfile, Vr.OB, new byte[128])))),
        new("aspect-ratio", () => U8.DataSet(b => b.Set(DicomTag.PixelAspectRatio, "2", "1")), null) { Options = new() { MaxWidth = 83 } },
    ];

    private static DicomDataSet Lut(DicomDataSetBuilder of, int count, int first, int bits, Func<int, int> entry)
    {
        var bytes = new byte[2 * count];
        for (var i = 0; i < count; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)entry(i));
        return of.CreateItem().SetAs(DicomTag.LUTDescriptor, Vr.US, $"{count}", $"{first}", $"{bits}").Set(new DicomValue(DicomTag.LUTData, Vr.OW, bytes))
            .SetAs(DicomTag.ModalityLUTType, Vr.LO, "US").Build();
    }

    private static DicomDataSet With(DicomDataSet set, Vr vr, byte[] pixels) => set.ToBuilder().Set(new DicomValue(DicomTag.PixelData, vr, pixels)).Build();

    private static byte[] Pixels(DicomDataSet set) => set.TryGet<DicomValue>(DicomTag.PixelData, out var value) ? value.Bytes.ToArray() : [];

    private static DicomDataSet Shifted(Picture picture)
    {
        var set = picture.DataSet(b => b.Set(DicomTag.HighBit, 15));
        var pixels = Pixels(set);
        for (var i = 0; i < pixels.Length; i += 2)
            BinaryPrimitives.WriteUInt16LittleEndian(pixels.AsSpan(i), (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(pixels.AsSpan(i)) << 4));
        return With(set, Vr.OW, pixels);
    }

    private static DicomDataSet OneBit()
    {
        var values = U8.Values();
        var bits = new byte[(values.Length + 15) / 16 * 2];
        for (var i = 0; i < values.Length; i++) if (values[i] > 128) bits[i >> 3] |= (byte)(1 << (i & 7));
        return With(U8.DataSet(b => b.Set(DicomTag.BitsAllocated, 1).Set(DicomTag.BitsStored, 1).Set(DicomTag.HighBit, 0)), Vr.OB, bits);
    }

    private static DicomDataSet Real()
    {
        var values = U8.Values();
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), i == 0 ? float.NaN : (values[i] / 100f) - 1);
        return U8.DataSet(b => b.Set(DicomTag.BitsAllocated, 32).Remove(DicomTag.PixelData).Set(new DicomValue(DicomTag.FloatPixelData, Vr.OF, bytes)));
    }

    private static DicomDataSet Padded(ushort value)
    {
        var set = U12.DataSet(b => b.Set(DicomTag.PixelPaddingValue, value).Set(DicomTag.WindowCenter, 2048).Set(DicomTag.WindowWidth, 4096));
        var pixels = Pixels(set);
        for (var i = 0; i < pixels.Length / 4; i += 2) BinaryPrimitives.WriteUInt16LittleEndian(pixels.AsSpan(i), value);
        return With(set, Vr.OW, pixels);
    }

    private static DicomDataSet Palette(int bits, bool isSegmented = false) => U8.DataSet(b =>
    {
        b.Set(DicomTag.PhotometricInterpretation, "PALETTE COLOR");
        (DicomTag, DicomTag, DicomTag, Func<int, int>)[] tables =
        [
            (DicomTag.RedPaletteColorLookupTableDescriptor, DicomTag.RedPaletteColorLookupTableData, DicomTag.SegmentedRedPaletteColorLookupTableData, i => i),
            (DicomTag.GreenPaletteColorLookupTableDescriptor, DicomTag.GreenPaletteColorLookupTableData, DicomTag.SegmentedGreenPaletteColorLookupTableData,
                i => 255 - i),
            (DicomTag.BluePaletteColorLookupTableDescriptor, DicomTag.BluePaletteColorLookupTableData, DicomTag.SegmentedBluePaletteColorLookupTableData,
                i => Math.Abs(128 - i)),
        ];
        foreach (var (descriptor, data, segmented, entry) in tables)
        {
            b.SetAs(descriptor, Vr.US, "256", "0", $"{bits}");
            var words = new byte[512];
            for (var i = 0; i < 256; i++) BinaryPrimitives.WriteUInt16LittleEndian(words.AsSpan(2 * i), (ushort)(entry(i) * (bits == 16 ? 257 : 1)));
            if (!isSegmented)
            {
                b.Set(new DicomValue(data, Vr.OW, bits == 16 ? words : [.. Enumerable.Range(0, 256).Select(i => (byte)entry(i))]));
                continue;
            }

            // One value, then a line to the middle, then one to the end.
            ushort[] segments = [0, 1, (ushort)(entry(0) * 257), 1, 128, (ushort)(entry(128) * 257), 1, 127, (ushort)(entry(255) * 257)];
            var bytes = new byte[2 * segments.Length];
            for (var i = 0; i < segments.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), segments[i]);
            b.Set(new DicomValue(segmented, Vr.OW, bytes));
        }
    });

    private static DicomDataSet Planar(DicomDataSet set)
    {
        var pixels = Pixels(set);
        var count = Color.Rows * Color.Columns;
        var planes = new byte[pixels.Length];
        for (var i = 0; i < count; i++)
            for (var c = 0; c < 3; c++) planes[(c * count) + i] = pixels[(3 * i) + c];
        return With(set.ToBuilder().Set(DicomTag.PlanarConfiguration, 1).Build(), Vr.OB, planes);
    }

    private static DicomDataSet Shared422()
    {
        var even = Color with { Columns = 84 };
        var set = even.DataSet(b => b.Set(DicomTag.PhotometricInterpretation, "YBR_FULL_422"));
        var pixels = Pixels(set);
        var shared = new byte[even.Rows * even.Columns * 2];
        for (var i = 0; i < shared.Length / 4; i++)
        {
            (shared[4 * i], shared[(4 * i) + 1], shared[(4 * i) + 2], shared[(4 * i) + 3]) =
                (pixels[6 * i], pixels[(6 * i) + 3], pixels[(6 * i) + 1], pixels[(6 * i) + 2]);
        }

        return With(set, Vr.OB, shared);
    }

    private static void AddOverlay(DicomDataSetBuilder b)
    {
        const int Side = 32;
        var bits = new byte[Side * Side / 8];
        for (var i = 0; i < Side * Side; i++) if (i / Side == i % Side || i % Side == 5 || i / Side == 30) bits[i >> 3] |= (byte)(1 << (i & 7));
        b.SetAs(new DicomTag(0x6000, 0x0010), Vr.US, $"{Side}").SetAs(new DicomTag(0x6000, 0x0011), Vr.US, $"{Side}")
            .SetAs(new DicomTag(0x6000, 0x0040), Vr.CS, "G")
            .SetAs(new DicomTag(0x6000, 0x0050), Vr.SS, "11", "21").SetAs(new DicomTag(0x6000, 0x0100), Vr.US, "1")
                .SetAs(new DicomTag(0x6000, 0x0102), Vr.US, "0")
            .Set(new DicomValue(new DicomTag(0x6000, 0x3000), Vr.OW, bits));
    }

    private static DicomDataSet EmbeddedOverlay()
    {
        var set = U12.DataSet(b => b.SetAs(new DicomTag(0x6000, 0x0010), Vr.US, $"{U12.Rows}").SetAs(
            new DicomTag(0x6000, 0x0011), Vr.US, $"{U12.Columns}").SetAs(new DicomTag(0x6000, 0x0040), Vr.CS, "G")
            .SetAs(new DicomTag(0x6000, 0x0050), Vr.SS, "1", "1").SetAs(new DicomTag(0x6000, 0x0100), Vr.US, "16")
                .SetAs(new DicomTag(0x6000, 0x0102), Vr.US, "13")
            .Set(DicomTag.WindowCenter, 2048).Set(DicomTag.WindowWidth, 4096));
        var pixels = Pixels(set);
        for (var y = 10; y < 30; y++) pixels[(2 * ((y * U12.Columns) + (2 * y))) + 1] |= 0x20;
        return With(set, Vr.OW, pixels);
    }

    /// <summary>The second frame has a window of its own, all share a rescaling.</summary>
    private static DicomDataSet FunctionalGroups() => Picture.Of("u12x3").DataSet(b =>
    {
        DicomDataSet Voi(double center) => b.CreateItem()
            .Set(DicomTag.FrameVOILUTSequence, [b.CreateItem().Set(DicomTag.WindowCenter, center).Set(DicomTag.WindowWidth, 1000).Build()]).Build();
        b.Set(DicomTag.PerFrameFunctionalGroupsSequence, [Voi(100), Voi(500), Voi(900)]);
        b.Set(DicomTag.SharedFunctionalGroupsSequence, [b.CreateItem().Set(DicomTag.PixelValueTransformationSequence,
            [b.CreateItem().Set(DicomTag.RescaleSlope, "1").Set(DicomTag.RescaleIntercept, "-1000").Build()]).Build()]);
    });
}
