using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// Asks the steps of a pipeline that authenticate as soon as an association is asked for: whoever does not pass has none. They are asked again with each
/// operation, so a token that expires meanwhile opens nothing any more.
/// </summary>
internal sealed class AssociationGuard(DimseRoute route)
{
    /// <summary>Judges the user identity, or that there is none.</summary>
    public async ValueTask<UserIdentityVerdict> JudgeAsync(AssociationInfo association, CancellationToken ct)
    {
        using var request = RequestReader.Association(route, association, ct);
        var before = request.Identity;
        try
        {
            var refusal = await route.Target.Pipeline.AuthenticateAsync(request, ct);
            if (refusal is not null)
                return UserIdentityVerdict.Reject(refusal.Kind == RefusalKind.Unavailable ? AssociationRejection.TemporaryCongestion : null);
            return ReferenceEquals(request.Identity, before) ? UserIdentityVerdict.PassedOver : UserIdentityVerdict.Accept();
        }
        catch (GatewayException e)
        {
            DimseLog.Fault(route.Logger, request.Method, route.Target.Pipeline.Name, e.Kind, e.FaultSource, e.Message, e);
            return UserIdentityVerdict.Reject(AssociationRejection.TemporaryCongestion);
        }
    }
}
