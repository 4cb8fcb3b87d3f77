using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Associations;

/// <summary>What was agreed about a SOP class.</summary>
/// <param name="Id">Odd, 1 to 255.</param>
/// <param name="AbstractSyntax">UID of the SOP class.</param>
/// <param name="Result">Whether it was accepted.</param>
/// <param name="TransferSyntax">The encoding of its data sets; means nothing if the context was not accepted.</param>
/// <param name="IsScu">Whether the local side may use the service.</param>
/// <param name="IsScp">Whether the local side may provide it.</param>
public sealed record PresentationContext(byte Id, string AbstractSyntax, ContextResult Result, TransferSyntax TransferSyntax, bool IsScu, bool IsScp)
{
    /// <summary>Whether it can be used.</summary>
    public bool IsAccepted => Result == ContextResult.Accepted;
}
