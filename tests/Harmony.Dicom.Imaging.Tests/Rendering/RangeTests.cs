using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging.Tests.Rendering;

/// <summary>An image without a window is shown from its smallest to its largest value, and scaled by the mean of areas.</summary>
public sealed class RangeTests
{
    private static readonly ImageRenderer Renderer = new(new FrameDecoder());

    [Theory]
    [InlineData("u12", null)]
    [InlineData("s12", null)]
    [InlineData("u16", null)]
    [InlineData("s16", null)]
    [InlineData("s13", 4095)]
    [InlineData("u12", 4095)]
    [InlineData("s12", -2048)]
    [InlineData("s16", -2000)]
    public async Task Image_WithoutAWindow_IsShownWhole(string kind, int? padding)
    {
        var picture = Picture.Of(kind) with { Amplitude = 0.7 };
        var set = picture.DataSet(b =>
        {
            if (padding is not { } value) return;
            b.Set(new DicomValue(DicomTag.PixelPaddingValue, Vr.US, BitConverter.GetBytes((ushort)value)));
            b.Set(new DicomValue(DicomTag.PixelPaddingRangeLimit, Vr.US, BitConverter.GetBytes((ushort)(value + 900))));
        });
        var rendered = await Renderer.RenderAsync(DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian), 1);

        // The slow, obvious way.
        bool IsPadding(int value) => padding is { } first && value >= first && value <= first + 900;
        var values = picture.Values();
        var shown = values.Where(v => !IsPadding(v)).ToList();
        var window = Window.Of(shown.Min(), shown.Max());
        var expected = values.Select(v => IsPadding(v) ? (byte)0 : (byte)((window.Apply(v) * 255) + 1e-7)).ToArray();
        Assert.Equal(expected, rendered.Pixels);
        Assert.Contains(rendered.Pixels, p => p == 255);
    }

    /// <summary>Every value that 16 bits can have: shades are not computed one by one where they follow values in one direction.</summary>
    [Theory]
    [InlineData(false, 1, -1024, 40, 400, VoiFunction.Linear)]
    [InlineData(true, 1, 0, 40, 1, VoiFunction.Linear)]
    [InlineData(true, -0.37, 5, 0, 9000.5, VoiFunction.Linear)]
    [InlineData(true, 0.001, -3, 0.5, 0.3, VoiFunction.LinearExact)]
    [InlineData(false, 2.5, 7, 70000, 150000, VoiFunction.LinearExact)]
    [InlineData(true, 1, 0, 100, 4000, VoiFunction.Sigmoid)]
    public async Task Values_OfAWindow_HaveEachItsShade(bool isSigned, double slope, double intercept, double center, double width, VoiFunction function)
    {
        var values = Enumerable.Range(isSigned ? short.MinValue : 0, 1 << 16).ToArray();
        var bytes = values.SelectMany(v => BitConverter.GetBytes((ushort)v)).ToArray();
        var picture = Picture.Of(isSigned ? "s16" : "u16") with { Rows = 256, Columns = 256 };
        var window = new Window(center, width, function);
        foreach (var isInverse in (bool[])[false, true])
        {
            var set = picture.DataSet(b => b.Set(new DicomValue(DicomTag.PixelData, Vr.OW, bytes)).Set(DicomTag.RescaleSlope, slope)
                .Set(DicomTag.RescaleIntercept, intercept).Set(DicomTag.PhotometricInterpretation, isInverse ? "MONOCHROME1" : "MONOCHROME2"));
            var rendered = await Renderer.RenderAsync(
                DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian), 1, new RenderOptions { Window = window });

            byte Shade(double place) => (byte)(((isInverse ? 1 - place : place) * 255) + 1e-7);
            Assert.Equal(values.Select(v => Shade(window.Apply((v * slope) + intercept))), rendered.Pixels);
        }
    }

    [Fact]
    public async Task Bits_ThatAreNotStored_DoNotCount()
    {
        var (values, bytes) = (new ushort[] { 100, 300, 200, 4095, 0, 1, 2, 3 }, new byte[512 * 2]);
        for (var i = 0; i < 512; i++) BitConverter.TryWriteBytes(bytes.AsSpan(2 * i), (ushort)((values[i % 8] << 3) | 5 | 0x8000));
        var picture = Picture.Of("u12") with { Rows = 16, Columns = 32 };
        var set = picture.DataSet(b => b.Set(DicomTag.HighBit, 14).Set(new DicomValue(DicomTag.PixelData, Vr.OW, bytes)));
        var rendered = await Renderer.RenderAsync(DicomImage.Of(set, TransferSyntax.ExplicitVRLittleEndian), 1);
        Assert.Equal(values.Select(v => (byte)((v / 4095.0 * 255) + 1e-7)), rendered.Pixels.Take(8));
    }

    [Theory]
    [InlineData("u12", 8)]
    [InlineData("u12", 16)]
    [InlineData("rgb", 8)]
    [InlineData("rgb", 16)]
    public async Task Image_MadeSmaller_HasTheMeanOfTheArea(string kind, int depth)
    {
        var picture = Picture.Of(kind) with { Rows = 60, Columns = 80 };
        var image = DicomImage.Of(picture.DataSet(), TransferSyntax.ExplicitVRLittleEndian);
        var whole = await Renderer.RenderAsync(image, 1, new RenderOptions { Depth = depth });
        var small = await Renderer.RenderAsync(image, 1, new RenderOptions { Depth = depth, MaxWidth = 20, MaxHeight = 15 });
        Assert.Equal((20, 15), (small.Width, small.Height));
        var size = depth / 8;
        int At(RenderedImage of, int x, int y, int c) => size == 1
            ? of.Pixels[(((y * of.Width) + x) * of.Channels) + c]
            : BitConverter.ToUInt16(of.Pixels, 2 * ((((y * of.Width) + x) * of.Channels) + c));
        for (var y = 0; y < 15; y++)
            for (var x = 0; x < 20; x++)
                for (var c = 0; c < whole.Channels; c++)
                {
                    var mean = Enumerable.Range(0, 16).Average(i => At(whole, (4 * x) + (i % 4), (4 * y) + (i / 4), c));
                    Assert.InRange(At(small, x, y, c), mean - 0.51, mean + 0.51);
                }
    }
}
