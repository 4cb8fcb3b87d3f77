using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Associations;

/// <summary>The peer has not accepted what an operation needs.</summary>
/// <param name="sopClassUid">The SOP class of the operation.</param>
/// <param name="detail">What is missing.</param>
public sealed class NoPresentationContextException(string sopClassUid, string detail)
    : DicomNetworkException($"the peer has accepted no presentation context for {Uid.Keyword(sopClassUid) ?? sopClassUid} {detail}".TrimEnd())
{
    /// <summary>The SOP class of the operation.</summary>
    public string SopClassUid { get; } = sopClassUid;
}
