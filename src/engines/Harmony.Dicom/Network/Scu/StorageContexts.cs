using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Dicom.Network.Scu;

/// <summary>
/// Presentation contexts for objects that a C-GET brings. There is room for 128 contexts, and more kinds of objects than that in the standard;
/// and since a peer chooses one transfer syntax of those in a context, each compressed one needs a context of its own.
/// </summary>
public static class StorageContexts
{
    /// <summary>
    /// 126 contexts: the SOP classes that are met in practice, uncompressed, and the commonest kinds of images in every common compression too.
    /// Two are left for the information models.
    /// </summary>
    public static IReadOnlyList<ContextProposal> ToReceive { get; } =
    [
        .. Classes.Images.Concat(Classes.Others).Select(c => ContextProposal.ToReceive(c)),
        .. Classes.Images.SelectMany(c => Classes.Compressed.Select(s => ContextProposal.ToReceive(c, s))),
        .. Classes.Videos.Select(
            c => ContextProposal.ToReceive(c, TransferSyntax.MPEG4HP41, TransferSyntax.MPEG4HP41BD, TransferSyntax.MPEG2MPML, TransferSyntax.MPEG2MPHL)),
    ];

    /// <summary>
    /// Contexts for SOP classes that are known to be there, every one uncompressed and in each common compression, as far as 127 contexts go: the first
    /// classes have all.
    /// </summary>
    /// <param name="sopClassUids">The SOP classes.</param>
    public static IReadOnlyList<ContextProposal> ToReceiveOf(IReadOnlyCollection<string> sopClassUids)
    {
        ArgumentNullException.ThrowIfNull(sopClassUids);
        const int Most = 127; // one is left for the information model
        return
        [
            .. sopClassUids.Select(c => ContextProposal.ToReceive(c))
                .Concat(sopClassUids.SelectMany(c => Classes.Compressed.Select(s => ContextProposal.ToReceive(c, s))))
                .Concat(sopClassUids.Select(c => ContextProposal.ToReceive(
                    c, TransferSyntax.MPEG4HP41, TransferSyntax.MPEG4HP41BD, TransferSyntax.MPEG2MPML, TransferSyntax.MPEG2MPHL)))
                .Take(Most),
        ];
    }

    /// <summary>In a class of its own, so that it is there when the property above is made.</summary>
    private static class Classes
    {
        public static readonly string[] Images =
        [
            Uid.CTImageStorage, Uid.MRImageStorage, Uid.ComputedRadiographyImageStorage, Uid.DigitalXRayImageStorageForPresentation, Uid.UltrasoundImageStorage,
            Uid.UltrasoundMultiframeImageStorage, Uid.SecondaryCaptureImageStorage, Uid.DigitalMammographyXRayImageStorageForPresentation,
            Uid.XRayAngiographicImageStorage,
        ];

        public static readonly string[] Others =
        [
            Uid.EnhancedCTImageStorage, Uid.EnhancedMRImageStorage, Uid.PositronEmissionTomographyImageStorage, Uid.EnhancedPETImageStorage,
            Uid.NuclearMedicineImageStorage,
            Uid.DigitalXRayImageStorageForProcessing, Uid.DigitalMammographyXRayImageStorageForProcessing, Uid.DigitalIntraOralXRayImageStorageForPresentation,
            Uid.BreastTomosynthesisImageStorage, Uid.XRayRadiofluoroscopicImageStorage, Uid.EnhancedXAImageStorage, Uid.EnhancedXRFImageStorage,
            Uid.XRay3DAngiographicImageStorage, Uid.XRay3DCraniofacialImageStorage, Uid.EnhancedUSVolumeStorage, Uid.MRSpectroscopyStorage,
            Uid.MultiframeSingleBitSecondaryCaptureImageStorage, Uid.MultiframeGrayscaleByteSecondaryCaptureImageStorage,
            Uid.MultiframeGrayscaleWordSecondaryCaptureImageStorage, Uid.MultiframeTrueColorSecondaryCaptureImageStorage,
            Uid.VLEndoscopicImageStorage, Uid.VLMicroscopicImageStorage, Uid.VLPhotographicImageStorage, Uid.VLWholeSlideMicroscopyImageStorage,
            Uid.OphthalmicPhotography8BitImageStorage, Uid.OphthalmicTomographyImageStorage, Uid.GrayscaleSoftcopyPresentationStateStorage,
            Uid.ColorSoftcopyPresentationStateStorage, Uid.KeyObjectSelectionDocumentStorage, Uid.BasicTextSRStorage, Uid.EnhancedSRStorage,
            Uid.ComprehensiveSRStorage,
            Uid.MammographyCADSRStorage, Uid.XRayRadiationDoseSRStorage, Uid.EncapsulatedPDFStorage, Uid.EncapsulatedCDAStorage, Uid.SegmentationStorage,
            Uid.RTImageStorage, Uid.RTDoseStorage, Uid.RTStructureSetStorage, Uid.RTPlanStorage, Uid.RawDataStorage, Uid.TwelveLeadECGWaveformStorage,
        ];

        public static readonly string[] Videos = [Uid.VideoEndoscopicImageStorage, Uid.VideoPhotographicImageStorage];

        public static readonly TransferSyntax[] Compressed =
        [
            TransferSyntax.JPEGLosslessSV1, TransferSyntax.JPEG2000Lossless, TransferSyntax.JPEGLSLossless, TransferSyntax.RLELossless,
            TransferSyntax.JPEGBaseline8Bit, TransferSyntax.JPEGExtended12Bit, TransferSyntax.JPEG2000, TransferSyntax.JPEGLSNearLossless,
        ];
    }
}
