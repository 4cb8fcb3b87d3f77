using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Requests;

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
