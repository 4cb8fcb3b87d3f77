using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Associations;

/// <summary>The peer does not want the association.</summary>
/// <param name="rejection">Why.</param>
public sealed class AssociationRejectedException(AssociationRejection rejection) : DicomNetworkException($"the association was rejected: {rejection}")
{
    /// <summary>Why.</summary>
    public AssociationRejection Rejection { get; } = rejection;

    /// <inheritdoc/>
    public override bool IsTransient => Rejection.IsTransient;
}

/// <summary>A peer did not do something in the time it had for it.</summary>
/// <param name="what">What it did not do.</param>
/// <param name="limit">The time it had.</param>
public sealed class AssociationTimeoutException(string what, TimeSpan limit) : DicomNetworkException($"{what} within {limit.TotalSeconds:0.###} s")
{
    /// <summary>The time it had.</summary>
    public TimeSpan Limit { get; } = limit;

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>The peer has not accepted what an operation needs.</summary>
/// <param name="sopClassUid">The SOP class of the operation.</param>
/// <param name="detail">What is missing.</param>
public sealed class NoPresentationContextException(string sopClassUid, string detail)
    : DicomNetworkException($"the peer has accepted no presentation context for {Uid.Keyword(sopClassUid) ?? sopClassUid} {detail}".TrimEnd())
{
    /// <summary>The SOP class of the operation.</summary>
    public string SopClassUid { get; } = sopClassUid;
}
