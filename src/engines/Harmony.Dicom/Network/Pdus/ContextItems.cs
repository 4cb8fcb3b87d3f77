namespace Harmony.Dicom.Network.Pdus;

/// <summary>A presentation context item of a request (20H): PS3.8 §9.3.2.2.</summary>
/// <param name="Id">Odd, 1 to 255.</param>
/// <param name="AbstractSyntax">UID of a SOP class.</param>
/// <param name="TransferSyntaxes">UIDs, the best first.</param>
public sealed record ContextProposalItem(byte Id, string AbstractSyntax, IReadOnlyList<string> TransferSyntaxes);

/// <summary>A presentation context item of an acceptance (21H): PS3.8 §9.3.3.2.</summary>
/// <param name="Id">That of the proposal.</param>
/// <param name="Result">Whether it was accepted.</param>
/// <param name="TransferSyntax">UID of the one that was chosen; means nothing if the context was not accepted.</param>
public sealed record ContextResultItem(byte Id, ContextResult Result, string TransferSyntax);

/// <summary>Whether a presentation context was accepted: PS3.8 table 9-18.</summary>
public enum ContextResult : byte
{
    /// <summary>Accepted.</summary>
    Accepted = 0,

    /// <summary>Rejected by the user.</summary>
    UserRejection = 1,

    /// <summary>Rejected by the provider, for no reason.</summary>
    NoReason = 2,

    /// <summary>The SOP class is not supported.</summary>
    AbstractSyntaxNotSupported = 3,

    /// <summary>None of the transfer syntaxes is supported.</summary>
    TransferSyntaxesNotSupported = 4,
}
