using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Transcoding;

namespace Harmony.Benchmarks.Pixels;

/// <summary>A frame of 512 × 512 pixels: its samples are half a megabyte, or a quarter, which is most of what is allocated.</summary>
internal abstract class PixelScenario(string name, int bits, TransferSyntax syntax) : IScenario
{
    private readonly FrameDecoder _decoder = new();
    private DicomImage? _image;

    public string Name => name;

    public async ValueTask SetupAsync()
    {
        const int Side = 512;
        var bytes = new byte[Side * Side * bits / 8];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(128 + (100 * Math.Sin(i / 300.0)));
        var set = new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.SecondaryCaptureImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.3")
            .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.Rows, Side).Set(DicomTag.Columns, Side)
            .Set(DicomTag.BitsAllocated, bits).Set(DicomTag.BitsStored, bits).Set(DicomTag.HighBit, bits - 1).Set(DicomTag.PixelRepresentation, 0)
            .Set(new DicomValue(DicomTag.PixelData, bits > 8 ? Vr.OW : Vr.OB, bytes)).Build();
        var made = await new ImageTranscoder(_decoder).TranscodeAsync(set, TransferSyntax.ExplicitVRLittleEndian, syntax, new TranscodeOptions { AllowsLoss = true });
        _image = DicomImage.Of(made.DataSet, syntax);
    }

    public async ValueTask OperationAsync() => await RunAsync(_image!, _decoder);

    protected virtual async ValueTask RunAsync(DicomImage image, FrameDecoder decoder) => await decoder.DecodeAsync(image, 1);
}

internal sealed class NativeFrameScenario() : PixelScenario("pixels/decode-native-16", 16, TransferSyntax.ExplicitVRLittleEndian);

internal sealed class RleFrameScenario() : PixelScenario("pixels/decode-rle-16", 16, TransferSyntax.RLELossless);

internal sealed class JpegFrameScenario() : PixelScenario("pixels/decode-jpeg-8", 8, TransferSyntax.JPEGBaseline8Bit);

/// <summary>What a viewer's list of series asks for.</summary>
internal sealed class ThumbnailScenario() : PixelScenario("pixels/thumbnail", 16, TransferSyntax.ExplicitVRLittleEndian)
{
    protected override async ValueTask RunAsync(DicomImage image, FrameDecoder decoder) => await new ImageRenderer(decoder).ThumbnailAsync(image);
}
