namespace Harmony.Dicom.Data.Uids;

public sealed partial record TransferSyntax
{
    /// <summary>The default syntax, which every application supports (PS3.5 §10.1): 1.2.840.10008.1.2.</summary>
    public static TransferSyntax ImplicitVRLittleEndian { get; } = new("1.2.840.10008.1.2", nameof(ImplicitVRLittleEndian)) { IsExplicitVr = false };

    /// <summary>1.2.840.10008.1.2.1.</summary>
    public static TransferSyntax ExplicitVRLittleEndian { get; } = new("1.2.840.10008.1.2.1", nameof(ExplicitVRLittleEndian));

    /// <summary>The whole data set is compressed: 1.2.840.10008.1.2.1.99.</summary>
    public static TransferSyntax DeflatedExplicitVRLittleEndian { get; } = new("1.2.840.10008.1.2.1.99", nameof(DeflatedExplicitVRLittleEndian))
    {
        IsDeflated = true
    };

    /// <summary>Retired; old devices have it: 1.2.840.10008.1.2.2.</summary>
    public static TransferSyntax ExplicitVRBigEndian { get; } = new("1.2.840.10008.1.2.2", nameof(ExplicitVRBigEndian))
    {
        IsBigEndian = true, IsRetired = true
    };

    /// <summary>
    /// A private one of General Electric's that old archives hold: implicit VR little endian, but pixel data are big endian. Objects in it are passed
    /// on as they are, never in another: 1.2.840.113619.5.2.
    /// </summary>
    public static TransferSyntax GEPrivateImplicitVRBigEndianPixels { get; } = new("1.2.840.113619.5.2", nameof(GEPrivateImplicitVRBigEndianPixels))
    {
        IsExplicitVr = false, IsEncapsulated = true, HasBigEndianPixels = true
    };

    /// <summary>Explicit VR little endian with encapsulated pixel data that are not compressed: 1.2.840.10008.1.2.1.98.</summary>
    public static TransferSyntax EncapsulatedUncompressedExplicitVRLittleEndian { get; } = Encapsulated(
        "1.98", nameof(EncapsulatedUncompressedExplicitVRLittleEndian), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.50.</summary>
    public static TransferSyntax JPEGBaseline8Bit { get; } = Encapsulated("4.50", nameof(JPEGBaseline8Bit));

    /// <summary>1.2.840.10008.1.2.4.51.</summary>
    public static TransferSyntax JPEGExtended12Bit { get; } = Encapsulated("4.51", nameof(JPEGExtended12Bit));

    /// <summary>1.2.840.10008.1.2.4.52, retired.</summary>
    public static TransferSyntax JPEGExtended35 { get; } = Encapsulated("4.52", nameof(JPEGExtended35), retired: true);

    /// <summary>1.2.840.10008.1.2.4.53, retired.</summary>
    public static TransferSyntax JPEGSpectralSelectionNonHierarchical68 { get; } = Encapsulated(
        "4.53", nameof(JPEGSpectralSelectionNonHierarchical68), retired: true);

    /// <summary>1.2.840.10008.1.2.4.54, retired.</summary>
    public static TransferSyntax JPEGSpectralSelectionNonHierarchical79 { get; } = Encapsulated(
        "4.54", nameof(JPEGSpectralSelectionNonHierarchical79), retired: true);

    /// <summary>1.2.840.10008.1.2.4.55, retired.</summary>
    public static TransferSyntax JPEGFullProgressionNonHierarchical1012 { get; } = Encapsulated(
        "4.55", nameof(JPEGFullProgressionNonHierarchical1012), retired: true);

    /// <summary>1.2.840.10008.1.2.4.56, retired.</summary>
    public static TransferSyntax JPEGFullProgressionNonHierarchical1113 { get; } = Encapsulated(
        "4.56", nameof(JPEGFullProgressionNonHierarchical1113), retired: true);

    /// <summary>1.2.840.10008.1.2.4.57.</summary>
    public static TransferSyntax JPEGLossless { get; } = Encapsulated("4.57", nameof(JPEGLossless), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.58, retired.</summary>
    public static TransferSyntax JPEGLosslessNonHierarchical15 { get; } = Encapsulated(
        "4.58", nameof(JPEGLosslessNonHierarchical15), lossy: false, retired: true);

    /// <summary>1.2.840.10008.1.2.4.59, retired.</summary>
    public static TransferSyntax JPEGExtendedHierarchical1618 { get; } = Encapsulated("4.59", nameof(JPEGExtendedHierarchical1618), retired: true);

    /// <summary>1.2.840.10008.1.2.4.60, retired.</summary>
    public static TransferSyntax JPEGExtendedHierarchical1719 { get; } = Encapsulated("4.60", nameof(JPEGExtendedHierarchical1719), retired: true);

    /// <summary>1.2.840.10008.1.2.4.61, retired.</summary>
    public static TransferSyntax JPEGSpectralSelectionHierarchical2022 { get; } = Encapsulated(
        "4.61", nameof(JPEGSpectralSelectionHierarchical2022), retired: true);

    /// <summary>1.2.840.10008.1.2.4.62, retired.</summary>
    public static TransferSyntax JPEGSpectralSelectionHierarchical2123 { get; } = Encapsulated(
        "4.62", nameof(JPEGSpectralSelectionHierarchical2123), retired: true);

    /// <summary>1.2.840.10008.1.2.4.63, retired.</summary>
    public static TransferSyntax JPEGFullProgressionHierarchical2426 { get; } = Encapsulated(
        "4.63", nameof(JPEGFullProgressionHierarchical2426), retired: true);

    /// <summary>1.2.840.10008.1.2.4.64, retired.</summary>
    public static TransferSyntax JPEGFullProgressionHierarchical2527 { get; } = Encapsulated(
        "4.64", nameof(JPEGFullProgressionHierarchical2527), retired: true);

    /// <summary>1.2.840.10008.1.2.4.65, retired.</summary>
    public static TransferSyntax JPEGLosslessHierarchical28 { get; } = Encapsulated("4.65", nameof(JPEGLosslessHierarchical28), lossy: false, retired: true);

    /// <summary>1.2.840.10008.1.2.4.66, retired.</summary>
    public static TransferSyntax JPEGLosslessHierarchical29 { get; } = Encapsulated("4.66", nameof(JPEGLosslessHierarchical29), lossy: false, retired: true);

    /// <summary>1.2.840.10008.1.2.4.70.</summary>
    public static TransferSyntax JPEGLosslessSV1 { get; } = Encapsulated("4.70", nameof(JPEGLosslessSV1), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.80.</summary>
    public static TransferSyntax JPEGLSLossless { get; } = Encapsulated("4.80", nameof(JPEGLSLossless), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.81.</summary>
    public static TransferSyntax JPEGLSNearLossless { get; } = Encapsulated("4.81", nameof(JPEGLSNearLossless));

    /// <summary>1.2.840.10008.1.2.4.90.</summary>
    public static TransferSyntax JPEG2000Lossless { get; } = Encapsulated("4.90", nameof(JPEG2000Lossless), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.91.</summary>
    public static TransferSyntax JPEG2000 { get; } = Encapsulated("4.91", nameof(JPEG2000));

    /// <summary>1.2.840.10008.1.2.4.92.</summary>
    public static TransferSyntax JPEG2000MCLossless { get; } = Encapsulated("4.92", nameof(JPEG2000MCLossless), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.93.</summary>
    public static TransferSyntax JPEG2000MC { get; } = Encapsulated("4.93", nameof(JPEG2000MC));

    /// <summary>1.2.840.10008.1.2.4.94.</summary>
    public static TransferSyntax JPIPReferenced { get; } = new("1.2.840.10008.1.2.4.94", nameof(JPIPReferenced)) { IsLossy = true };

    /// <summary>1.2.840.10008.1.2.4.95.</summary>
    public static TransferSyntax JPIPReferencedDeflate { get; } = new("1.2.840.10008.1.2.4.95", nameof(JPIPReferencedDeflate))
    {
        IsDeflated = true, IsLossy = true
    };

    /// <summary>1.2.840.10008.1.2.4.100.</summary>
    public static TransferSyntax MPEG2MPML { get; } = Encapsulated("4.100", nameof(MPEG2MPML));

    /// <summary>1.2.840.10008.1.2.4.100.1.</summary>
    public static TransferSyntax MPEG2MPMLF { get; } = Encapsulated("4.100.1", nameof(MPEG2MPMLF));

    /// <summary>1.2.840.10008.1.2.4.101.</summary>
    public static TransferSyntax MPEG2MPHL { get; } = Encapsulated("4.101", nameof(MPEG2MPHL));

    /// <summary>1.2.840.10008.1.2.4.101.1.</summary>
    public static TransferSyntax MPEG2MPHLF { get; } = Encapsulated("4.101.1", nameof(MPEG2MPHLF));

    /// <summary>1.2.840.10008.1.2.4.102.</summary>
    public static TransferSyntax MPEG4HP41 { get; } = Encapsulated("4.102", nameof(MPEG4HP41));

    /// <summary>1.2.840.10008.1.2.4.102.1.</summary>
    public static TransferSyntax MPEG4HP41F { get; } = Encapsulated("4.102.1", nameof(MPEG4HP41F));

    /// <summary>1.2.840.10008.1.2.4.103.</summary>
    public static TransferSyntax MPEG4HP41BD { get; } = Encapsulated("4.103", nameof(MPEG4HP41BD));

    /// <summary>1.2.840.10008.1.2.4.103.1.</summary>
    public static TransferSyntax MPEG4HP41BDF { get; } = Encapsulated("4.103.1", nameof(MPEG4HP41BDF));

    /// <summary>1.2.840.10008.1.2.4.104.</summary>
    public static TransferSyntax MPEG4HP422D { get; } = Encapsulated("4.104", nameof(MPEG4HP422D));

    /// <summary>1.2.840.10008.1.2.4.104.1.</summary>
    public static TransferSyntax MPEG4HP422DF { get; } = Encapsulated("4.104.1", nameof(MPEG4HP422DF));

    /// <summary>1.2.840.10008.1.2.4.105.</summary>
    public static TransferSyntax MPEG4HP423D { get; } = Encapsulated("4.105", nameof(MPEG4HP423D));

    /// <summary>1.2.840.10008.1.2.4.105.1.</summary>
    public static TransferSyntax MPEG4HP423DF { get; } = Encapsulated("4.105.1", nameof(MPEG4HP423DF));

    /// <summary>1.2.840.10008.1.2.4.106.</summary>
    public static TransferSyntax MPEG4HP42STEREO { get; } = Encapsulated("4.106", nameof(MPEG4HP42STEREO));

    /// <summary>1.2.840.10008.1.2.4.106.1.</summary>
    public static TransferSyntax MPEG4HP42STEREOF { get; } = Encapsulated("4.106.1", nameof(MPEG4HP42STEREOF));

    /// <summary>1.2.840.10008.1.2.4.107.</summary>
    public static TransferSyntax HEVCMP51 { get; } = Encapsulated("4.107", nameof(HEVCMP51));

    /// <summary>1.2.840.10008.1.2.4.108.</summary>
    public static TransferSyntax HEVCM10P51 { get; } = Encapsulated("4.108", nameof(HEVCM10P51));

    /// <summary>1.2.840.10008.1.2.4.110.</summary>
    public static TransferSyntax JPEGXLLossless { get; } = Encapsulated("4.110", nameof(JPEGXLLossless), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.111.</summary>
    public static TransferSyntax JPEGXLJPEGRecompression { get; } = Encapsulated("4.111", nameof(JPEGXLJPEGRecompression));

    /// <summary>1.2.840.10008.1.2.4.112.</summary>
    public static TransferSyntax JPEGXL { get; } = Encapsulated("4.112", nameof(JPEGXL));

    /// <summary>1.2.840.10008.1.2.4.201.</summary>
    public static TransferSyntax HTJ2KLossless { get; } = Encapsulated("4.201", nameof(HTJ2KLossless), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.202.</summary>
    public static TransferSyntax HTJ2KLosslessRPCL { get; } = Encapsulated("4.202", nameof(HTJ2KLosslessRPCL), lossy: false);

    /// <summary>1.2.840.10008.1.2.4.203.</summary>
    public static TransferSyntax HTJ2K { get; } = Encapsulated("4.203", nameof(HTJ2K));

    /// <summary>1.2.840.10008.1.2.4.204.</summary>
    public static TransferSyntax JPIPHTJ2KReferenced { get; } = new("1.2.840.10008.1.2.4.204", nameof(JPIPHTJ2KReferenced)) { IsLossy = true };

    /// <summary>1.2.840.10008.1.2.4.205.</summary>
    public static TransferSyntax JPIPHTJ2KReferencedDeflate { get; } = new("1.2.840.10008.1.2.4.205", nameof(JPIPHTJ2KReferencedDeflate))
    {
        IsDeflated = true, IsLossy = true
    };

    /// <summary>1.2.840.10008.1.2.5.</summary>
    public static TransferSyntax RLELossless { get; } = Encapsulated("5", nameof(RLELossless), lossy: false);

    /// <summary>1.2.840.10008.1.2.7.1.</summary>
    public static TransferSyntax SMPTEST211020UncompressedProgressiveActiveVideo { get; } = Encapsulated(
        "7.1", nameof(SMPTEST211020UncompressedProgressiveActiveVideo), lossy: false);

    /// <summary>1.2.840.10008.1.2.7.2.</summary>
    public static TransferSyntax SMPTEST211020UncompressedInterlacedActiveVideo { get; } = Encapsulated(
        "7.2", nameof(SMPTEST211020UncompressedInterlacedActiveVideo), lossy: false);

    /// <summary>1.2.840.10008.1.2.7.3.</summary>
    public static TransferSyntax SMPTEST211030PCMDigitalAudio { get; } = Encapsulated("7.3", nameof(SMPTEST211030PCMDigitalAudio), lossy: false);

    /// <summary>1.2.840.10008.1.2.8.1.</summary>
    public static TransferSyntax DeflatedImageFrameCompression { get; } = Encapsulated("8.1", nameof(DeflatedImageFrameCompression), lossy: false);

    /// <summary>All transfer syntaxes of the standard.</summary>
    public static IReadOnlyList<TransferSyntax> All { get; } =
    [
        ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, EncapsulatedUncompressedExplicitVRLittleEndian,
        JPEGBaseline8Bit, JPEGExtended12Bit, JPEGExtended35, JPEGSpectralSelectionNonHierarchical68,
        JPEGSpectralSelectionNonHierarchical79, JPEGFullProgressionNonHierarchical1012, JPEGFullProgressionNonHierarchical1113, JPEGLossless,
        JPEGLosslessNonHierarchical15, JPEGExtendedHierarchical1618, JPEGExtendedHierarchical1719, JPEGSpectralSelectionHierarchical2022,
        JPEGSpectralSelectionHierarchical2123, JPEGFullProgressionHierarchical2426, JPEGFullProgressionHierarchical2527, JPEGLosslessHierarchical28,
        JPEGLosslessHierarchical29, JPEGLosslessSV1, JPEGLSLossless, JPEGLSNearLossless,
        JPEG2000Lossless, JPEG2000, JPEG2000MCLossless, JPEG2000MC,
        JPIPReferenced, JPIPReferencedDeflate, MPEG2MPML, MPEG2MPMLF,
        MPEG2MPHL, MPEG2MPHLF, MPEG4HP41, MPEG4HP41F,
        MPEG4HP41BD, MPEG4HP41BDF, MPEG4HP422D, MPEG4HP422DF,
        MPEG4HP423D, MPEG4HP423DF, MPEG4HP42STEREO, MPEG4HP42STEREOF,
        HEVCMP51, HEVCM10P51, JPEGXLLossless, JPEGXLJPEGRecompression,
        JPEGXL, HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K,
        JPIPHTJ2KReferenced, JPIPHTJ2KReferencedDeflate, RLELossless, SMPTEST211020UncompressedProgressiveActiveVideo,
        SMPTEST211020UncompressedInterlacedActiveVideo, SMPTEST211030PCMDigitalAudio, DeflatedImageFrameCompression,
    ];
}
