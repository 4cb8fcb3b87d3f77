using System.Globalization;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Imaging.Transcoding;

/// <summary>What an object says of itself once its pixels are encoded anew: PS3.3 §C.7.6.1, §C.7.6.3, §C.12.4.</summary>
internal sealed class TranscodedAttributes(DicomDataSet dataSet, TransferSyntax source, TransferSyntax target, PixelFormat format, int frames)
{
    /// <param name="pixels">The new pixel data.</param>
    /// <param name="length">Their bytes.</param>
    public DicomDataSet Apply(DicomElement pixels, long length)
    {
        var builder = dataSet.ToBuilder()
            .Set(pixels)
            .Remove(DicomTag.ExtendedOffsetTable)
            .Remove(DicomTag.ExtendedOffsetTableLengths)
            .Set(DicomTag.PhotometricInterpretation, format.Photometric.ToText());
        if (format.Samples > 1) builder.Set(DicomTag.PlanarConfiguration, 0);
        if (FrameEncoder.Loses(target)) Derive(builder, length);
        else if (source.IsLossy && LossyMethod(source) is not null && dataSet.GetString(DicomTag.LossyImageCompression) is null)
            builder.Set(DicomTag.LossyImageCompression, "01");
        return builder.Build();
    }

    private static string? LossyMethod(TransferSyntax syntax)
    {
        if (syntax.Uid == TransferSyntax.JPEGLSNearLossless.Uid) return "ISO_14495_1";
        if (syntax.Uid == TransferSyntax.JPEG2000.Uid) return "ISO_15444_1";
        return syntax.Uid == TransferSyntax.JPEGBaseline8Bit.Uid || syntax.Uid == TransferSyntax.JPEGExtended12Bit.Uid ? "ISO_10918_1" : null;
    }

    private void Derive(DicomDataSetBuilder builder, long length)
    {
        var ratio = Math.Max(1, (double)format.FrameLength * frames / Math.Max(1, length));
        var predecessor = builder.CreateItem();
        if (dataSet.GetString(DicomTag.SOPClassUID) is { } sopClass) predecessor.Set(DicomTag.ReferencedSOPClassUID, sopClass);
        if (dataSet.GetString(DicomTag.SOPInstanceUID) is { } instance) predecessor.Set(DicomTag.ReferencedSOPInstanceUID, instance);
        predecessor.Set(DicomTag.PurposeOfReferenceCodeSequence, [Code(builder, "121320", "Uncompressed predecessor")]);
        builder.Set(DicomTag.SOPInstanceUID, Uid.Create())
            .Set(DicomTag.LossyImageCompression, "01")
            .Set(DicomTag.LossyImageCompressionRatio,
                [.. dataSet.GetStrings(DicomTag.LossyImageCompressionRatio), ratio.ToString("0.##", CultureInfo.InvariantCulture)])
            .Set(DicomTag.LossyImageCompressionMethod, [.. dataSet.GetStrings(DicomTag.LossyImageCompressionMethod), LossyMethod(target)!])
            .Set(DicomTag.ImageType, ["DERIVED", .. dataSet.GetStrings(DicomTag.ImageType).DefaultIfEmpty("ORIGINAL").Skip(1).DefaultIfEmpty("PRIMARY")])
            .Set(DicomTag.DerivationDescription, $"Lossy compression, {ratio.ToString("0.##", CultureInfo.InvariantCulture)}:1")
            .Set(DicomTag.DerivationCodeSequence, [Code(builder, "113040", "Lossy Compression")])
            .Set(DicomTag.SourceImageSequence, [predecessor.Build()]);
    }

    private static DicomDataSet Code(DicomDataSetBuilder of, string value, string meaning)
        => of.CreateItem().Set(DicomTag.CodeValue, value).Set(DicomTag.CodingSchemeDesignator, "DCM").Set(DicomTag.CodeMeaning, meaning).Build();
}
