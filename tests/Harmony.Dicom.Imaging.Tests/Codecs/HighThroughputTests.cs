using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Imaging.Tests.Codecs;

/// <summary>HTJ2K (ISO 15444-15), which OpenJPEG decodes from 2.5 on. Nothing that Debian has encodes it: these two code streams are from OpenJPH.</summary>
public sealed class HighThroughputTests
{
    private const int Width = 16, Height = 12;

    private const string Grey =
        "/0//UQApQAAAAAAQAAAADAAAAAAAAAAAAAAAEAAAAAwAAAAAAAAAAAABCwEB/1AACAACAAAABv9SAAwAAgABAAUEBEAB/1wAEyBocHBwcHBwcHBwcHBwaGho/2QAFwABT3"
        + "BlbkpQSCBWZXIgMC4zMS4wLv+QAAoAAAAAAH0AAf+TwAJgq/4Ch3QAAMABNAATAOz+Aod0ABr8Awd0AMABPAATAHTp/gICdADl8gAiNADAAVMABViysrKgYjGCdgAss8wy"
        + "y8BCAb62AMACtgAWmEAgEAgE/ueKenECdwBo0dDQ0NDQ0P76DGB79jGB7LoA/9k=";

    private const string Color =
        "/0//UQAvQAAAAAAQAAAADAAAAAAAAAAAAAAAEAAAAAwAAAAAAAAAAAADBwEBBwEBBwEB/1AACAACAAAAA/9SAAwAAgABAQUEBEAB/1wAEyBQWFhYWFhYWFhYWFhYUFBQ/2"
        + "QAFwABT3BlbkpQSCBWZXIgMC4zMS4wLv+QAAoAAAAAATIAAf+TwBKA4wAHdADAEoDMAId0AMASgM8Ah3QAAAAAwAlgBLACMKIBB3QA8gCHdAAncwDACOAEkAJQF3MAAEd0"
        + "APsAx3QAAMAJoASQAkCa/QAhVAD9EXMA8jEzAMAJ4ASwAmCDqf0AIFQAAP4yMwAA5wAiNAAAwAqYAVMAKkDApMb8g5gAVQB4L++AET0+FgAmYEr1hZgAVQDACqgBUwAqgG"
        + "bQHtr+mZgAVQAGSr7+gQzUtQCcA51K14WYQFUAAMAV8AWjAFaAAAeofeZdAPTnQR0DwncAhzOZJF/4eNn4BBCSeywD2QCf/z//d/kBCJxwCXgAwBXwBXQBXh98/n+e39fP"
        + "+QENHGPXAB8+z+/3/z/5AQ0cQ9cAf/7/P/9//vkDCJxxCXgAAP/Z";

    [DcmtkTheory("opj_decompress")]
    [InlineData(nameof(TransferSyntax.HTJ2KLossless))]
    [InlineData(nameof(TransferSyntax.HTJ2KLosslessRPCL))]
    [InlineData(nameof(TransferSyntax.HTJ2K))]
    public async Task Grey_IsExact(string keyword)
    {
        var picture = new Picture { Rows = Height, Columns = Width, Allocated = 16, Stored = 12 };
        Assert.Equal(Enumerable.Range(0, Width * Height).Select(i => ((i % Width * 97) + (i / Width * 181)) % 4096),
            await ValuesAsync(picture, "MONOCHROME2", Grey, keyword));
    }

    [DcmtkTheory("opj_decompress")]
    [InlineData(nameof(TransferSyntax.HTJ2KLossless))]
    public async Task Color_IsExact(string keyword)
    {
        var picture = new Picture { Rows = Height, Columns = Width, Samples = 3 };
        Assert.Equal(Enumerable.Range(0, Width * Height * 3).Select(i => ((i / 3 % Width * 9) + (i / 3 / Width * 7) + (i % 3 * 40)) % 256),
            await ValuesAsync(picture, "YBR_RCT", Color, keyword));
    }

    private static async Task<int[]> ValuesAsync(Picture picture, string photometric, string codeStream, string keyword)
    {
        var set = picture.DataSet(b => b.Set(DicomTag.PhotometricInterpretation, photometric)
            .Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [], [new MemoryBulkData(Convert.FromBase64String(codeStream))])));
        return Picture.ValuesOf(await new FrameDecoder().DecodeAsync(DicomImage.Of(set, TransferSyntax.All.Single(s => s.Keyword == keyword)), 1));
    }
}
