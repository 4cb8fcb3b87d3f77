using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>The presentation contexts of operations. Operations with the same contexts share associations.</summary>
internal static class QueryContexts
{
    /// <summary>For echo, find and move.</summary>
    public static IReadOnlyList<ContextProposal> Query { get; } =
    [
        ContextProposal.For(Uid.VerificationSOPClass),
        ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel),
        ContextProposal.For(Uid.FINDPatientRootQueryRetrieveInformationModel),
        ContextProposal.For(Uid.MOVEStudyRootQueryRetrieveInformationModel),
        ContextProposal.For(Uid.MOVEPatientRootQueryRetrieveInformationModel),
    ];

    /// <summary>For find in a worklist, which is mostly another system than an archive.</summary>
    public static IReadOnlyList<ContextProposal> Worklist { get; } = [ContextProposal.For(Uid.FINDModalityWorklistInformationModel)];

    /// <summary>For get: the models, and every kind of object that may come.</summary>
    public static IReadOnlyList<ContextProposal> Get { get; } =
    [
        ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel),
        ContextProposal.For(Uid.GETPatientRootQueryRetrieveInformationModel),
        .. StorageContexts.ToReceive,
    ];

    /// <summary>The model in which a level is queried: only Patient Root has patients.</summary>
    public static string FindModel(QueryLevel level)
        => level == QueryLevel.Patient ? Uid.FINDPatientRootQueryRetrieveInformationModel : Uid.FINDStudyRootQueryRetrieveInformationModel;

    public static string GetModel(QueryLevel level)
        => level == QueryLevel.Patient ? Uid.GETPatientRootQueryRetrieveInformationModel : Uid.GETStudyRootQueryRetrieveInformationModel;

    public static string MoveModel(QueryLevel level)
        => level == QueryLevel.Patient ? Uid.MOVEPatientRootQueryRetrieveInformationModel : Uid.MOVEStudyRootQueryRetrieveInformationModel;
}
