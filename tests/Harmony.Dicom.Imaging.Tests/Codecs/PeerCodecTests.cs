using Harmony.Dicom.Imaging.Rendering;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Imaging.Tests.Codecs;

/// <summary>Frames that DCMTK, GDCM and OpenJPEG have compressed are decoded to the same samples.</summary>
public sealed class PeerCodecTests
{
    private static readonly FrameDecoder Decoder = new();

    private static readonly string[] Grey = ["u8", "u10", "u12", "u16", "s8", "s12", "s16", "u12x3"];

    public static TheoryData<string, string> Lossless()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in Grey)
        {
            foreach (var recipe in (string[])["dcmconv +te", "dcmconv +ti", "dcmconv +tb", "dcmconv +td", "dcmcrle", "dcmcjpeg +e1", "dcmcjpls +el",
                "gdcmconv --j2k", "gdcmconv --rle"]) data.Add(recipe, kind);
        }

        foreach (var kind in (string[])["u8", "u12", "u16", "rgb"])
        {
            for (var predictor = 1; predictor <= 7; predictor++) data.Add($"dcmcjpeg +el +sv {predictor}", kind);
        }

        foreach (var recipe in (string[])["dcmconv +te", "dcmconv +tb", "dcmcrle", "dcmcjpeg +e1", "dcmcjpls +el", "gdcmconv --j2k", "gdcmconv --rle",
            "gdcmconv --jpegls"])
        {
            data.Add(recipe, "rgb");
            data.Add(recipe, "rgbx3");
        }

        data.Add("dcmconv +te", "u32");
        data.Add("dcmconv +tb", "u32");
        data.Add("dcmcrle", "u32");
        data.Add("dcmconv +tb", "rgb16");
        data.Add("dcmcrle", "rgb16");
        return data;
    }

    [DcmtkTheory("gdcmconv")]
    [MemberData(nameof(Lossless))]
    public async Task Lossless_IsExact(string recipe, string kind)
    {
        using var folder = new TestFolder();
        // GDCM's RLE encoder ends the process at odd sizes.
        var picture = recipe == "gdcmconv --rle" ? Picture.Of(kind) with { Rows = 64, Columns = 84 } : Picture.Of(kind);
        var made = await MakeAsync(folder, picture, recipe);
        var image = await DicomImage.OpenAsync(made);
        var values = new List<int>();
        for (var frame = 1; frame <= image.FrameCount; frame++) values.AddRange(Picture.ValuesOf(await Decoder.DecodeAsync(image, frame)));
        Assert.Equal(picture.Values(), values);
    }

    [DcmtkTheory("gdcmconv")]
    [InlineData("dcmcjpeg +eb +q 90", "u8", "dcmdjpeg", 0)]
    [InlineData("dcmcjpeg +eb +q 60", "u8x3", "dcmdjpeg", 0)]
    [InlineData("dcmcjpeg +es +q 90", "u8", "dcmdjpeg", 1)]
    [InlineData("dcmcjpeg +ep +q 90", "u8", "dcmdjpeg", 1)]
    [InlineData("dcmcjpeg +ee +q 90", "u12", "dcmdjpeg", 1)]
    [InlineData("dcmcjpeg +ep +q 90", "u12", "dcmdjpeg", 1)]
    [InlineData("dcmcjpeg +eb +q 90 +s4", "rgb", "dcmdjpeg +cn", 2)]
    [InlineData("dcmcjpeg +eb +q 90 +s2", "rgb", "dcmdjpeg", 2)]
    [InlineData("dcmcjpeg +eb +q 80 +np", "rgb", "dcmdjpeg", 2)]
    [InlineData("dcmcjpeg +eb +q 90 +cr", "rgb", "dcmdjpeg", 2)]
    [InlineData("dcmcjpeg +ep +q 90 +s2", "rgb", "dcmdjpeg", 2)]
    [InlineData("dcmcjpls +en +md 3", "u8", "dcmdjpls", 0)]
    [InlineData("dcmcjpls +en +md 3", "u16", "dcmdjpls", 0)]
    [InlineData("dcmcjpls +en +md 3", "rgb", "dcmdjpls", 0)]
    [InlineData("gdcmconv --j2k -Y -r 8", "u16", "gdcmconv --raw", 1)]
    [InlineData("gdcmconv --j2k -Y -r 8", "s12", "gdcmconv --raw", 1)]
    [InlineData("gdcmconv --j2k -Y -r 8", "rgb", "gdcmconv --raw", 2)]
    [InlineData("gdcmconv --jpeg -Y -q 85", "u8", "gdcmconv --raw", 0)]
    public async Task Lossy_IsAsOthersDecodeIt(string recipe, string kind, string reverse, int tolerance)
    {
        using var folder = new TestFolder();
        var picture = Picture.Of(kind) with { Noise = 0.01, Amplitude = 0.9 };
        var made = await MakeAsync(folder, picture, recipe);
        var plain = folder.PathOf("plain.dcm");
        var words = reverse.Split(' ');
        (await DcmtkPeer.RunAsync(words[0], [.. words[1..], made, plain])).Succeeded();
        var (image, other) = (await DicomImage.OpenAsync(made), await DicomImage.OpenAsync(plain));
        for (var frame = 1; frame <= image.FrameCount; frame++)
        {
            var expected = ColorScale.ToRgb(await Decoder.DecodeAsync(other, frame));
            var actual = ColorScale.ToRgb(await Decoder.DecodeAsync(image, frame));
            AssertNear(Picture.ValuesOf(expected), Picture.ValuesOf(actual), tolerance, 0.5);
        }
    }

    /// <summary>GDCM stores YCbCr with shared colour differences and says that it is RGB.</summary>
    [DcmtkFact("gdcmconv")]
    public async Task JpegWithSharedColors_IsYcbcr_WhateverTheDataSetSays()
    {
        using var folder = new TestFolder();
        var picture = Picture.Of("rgb") with { Noise = 0 };
        var image = await DicomImage.OpenAsync(await MakeAsync(folder, picture, "gdcmconv --jpeg -Y -q 95"));
        Assert.Equal(PhotometricInterpretation.Rgb, image.Format.Photometric);
        var decoded = await Decoder.DecodeAsync(image, 1);
        Assert.Equal(PhotometricInterpretation.YbrFull, decoded.Format.Photometric);
        AssertNear(picture.Values(), Picture.ValuesOf(ColorScale.ToRgb(decoded)), 40, 4);
    }

    internal static void AssertNear(int[] expected, int[] actual, int tolerance, double mean)
    {
        Assert.Equal(expected.Length, actual.Length);
        var differences = expected.Zip(actual, (a, b) => Math.Abs(a - b)).ToArray();
        Assert.True(differences.Max() <= tolerance
            && differences.Average() <= mean, $"off by up to {differences.Max()}, {differences.Average():F3} in the mean");
    }

    internal static async Task<string> MakeAsync(TestFolder folder, Picture picture, string recipe)
    {
        var (source, made) = (await picture.SaveAsync(folder.PathOf("source.dcm")), folder.PathOf("made.dcm"));
        var words = recipe.Split(' ');
        (await DcmtkPeer.RunAsync(words[0], [.. words[1..], source, made])).Succeeded();
        return made;
    }
}
