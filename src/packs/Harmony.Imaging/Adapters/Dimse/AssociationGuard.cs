using System.Buffers;
using System.Text;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// Runs the authenticating middleware of a pipeline when an association is requested, and rejects the association if it refuses. It runs again with each
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

/// <summary>
/// The user identity of an association (PS3.7 §D.3.3.7) in the form that steps which authenticate know, that of the field <c>Authorization</c>: name and
/// passcode as <c>Basic</c> (RFC 7617), a JSON Web Token as <c>Bearer</c> (RFC 6750). A name alone proves nothing, and there is no step for tickets of
/// Kerberos and assertions of SAML: they are no credentials.
/// </summary>
internal static class AssociationCredentials
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/="u8);

    /// <summary>The value of the field; null where there are no credentials.</summary>
    public static string? Of(UserIdentity? identity) => identity switch
    {
        // A colon ends the name (RFC 7617 §2): with one in it, the passcode of one user would be a part of the name of another.
        { Type: UserIdentityType.UserNameAndPasscode } when !identity.Primary.Span.Contains((byte)':')
            => $"Basic {Convert.ToBase64String([.. identity.Primary.Span, (byte)':', .. identity.Secondary.Span])}",
        { Type: UserIdentityType.JsonWebToken } => Bearer(identity.Primary.Span.Trim(" \0"u8)),
        _ => null,
    };

    private static string? Bearer(ReadOnlySpan<byte> token)
        => token.IsEmpty || token.ContainsAnyExcept(TokenBytes) ? null : $"Bearer {Encoding.ASCII.GetString(token)}";
}
