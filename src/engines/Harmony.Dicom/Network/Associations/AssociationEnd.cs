using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Associations;

/// <summary>How an association ended.</summary>
/// <param name="Kind">In a word.</param>
/// <param name="Detail">In words, without values of data sets.</param>
/// <param name="Abort">The A-ABORT that was received or sent, if there was one.</param>
/// <param name="Cause">What was thrown, if anything was.</param>
public sealed record AssociationEnd(AssociationEndKind Kind, string Detail, AbortPdu? Abort = null, Exception? Cause = null)
{
    /// <summary>In words.</summary>
    public override string ToString() => Detail;
}
