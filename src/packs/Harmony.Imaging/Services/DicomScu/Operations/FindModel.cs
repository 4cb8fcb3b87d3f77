using Harmony.Core.Envelope;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>A query as it is sent.</summary>
/// <param name="SopClassUid">The information model.</param>
/// <param name="Contexts">What the association has to have.</param>
/// <param name="Identifier">The keys, and the level where the model has levels.</param>
internal sealed record FindModel(string SopClassUid, IReadOnlyList<ContextProposal> Contexts, DicomDataSet Identifier)
{
    /// <summary>A query for worklist items where that is what was asked for (PS3.4 annex K), else one in a query/retrieve model.</summary>
    public static FindModel Of(RequestEnvelope request, DimseQuery query)
    {
        if (DimseCall.Of(request).SopClassUid == Uid.FINDModalityWorklistInformationModel)
        {
            return new FindModel(Uid.FINDModalityWorklistInformationModel, QueryContexts.Worklist, query.Identifier);
        }

        var level = query.Level ?? QueryLevels.Infer(query.Identifier);
        return At(level, query.KeysAt(level));
    }

    /// <summary>A query at a level: PS3.4 annex C.</summary>
    public static FindModel At(QueryLevel level, DicomDataSet keys)
        => new(QueryContexts.FindModel(level), QueryContexts.Query, keys.ToBuilder().Set(DicomTag.QueryRetrieveLevel, level.Name()).Build());
}

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
