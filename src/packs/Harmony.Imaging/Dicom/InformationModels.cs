using Harmony.Dicom.Data.Uids;

namespace Harmony.Imaging.Dicom;

/// <summary>The SOP classes that operations are performed in: PS3.4 annexes A, C and K.</summary>
internal static class InformationModels
{
    private static readonly string[] Verification = [Uid.VerificationSOPClass];

    private static readonly string[] Find =
    [
        Uid.FINDPatientRootQueryRetrieveInformationModel, Uid.FINDStudyRootQueryRetrieveInformationModel, Uid.FINDPatientStudyOnlyQueryRetrieveInformationModel,
        Uid.FINDModalityWorklistInformationModel,
    ];

    private static readonly string[] Get =
        [Uid.GETPatientRootQueryRetrieveInformationModel, Uid.GETStudyRootQueryRetrieveInformationModel, Uid.GETPatientStudyOnlyQueryRetrieveInformationModel];

    private static readonly string[] Move =
        [Uid.MOVEPatientRootQueryRetrieveInformationModel, Uid.MOVEStudyRootQueryRetrieveInformationModel,
            Uid.MOVEPatientStudyOnlyQueryRetrieveInformationModel];

    /// <summary>The SOP classes of an operation; of C-STORE, whose are those of objects, none.</summary>
    public static IReadOnlyList<string> Of(DimseOperation operation) => operation switch
    {
        DimseOperation.Echo => Verification,
        DimseOperation.Find => Find,
        DimseOperation.Get => Get,
        DimseOperation.Move => Move,
        _ => [],
    };

    /// <summary>The UID of a SOP class that is named by UID or keyword; null where it is neither.</summary>
    public static string? SopClass(string named) => Uid.IsValid(named) ? named : Uid.OfKeyword(named);

    /// <summary>The transfer syntax that is named by UID or keyword; null where it is neither.</summary>
    public static TransferSyntax? Syntax(string named)
        => TransferSyntax.All.FirstOrDefault(s => s.Keyword == named) ?? (Uid.IsValid(named) ? TransferSyntax.Of(named) : null);
}
