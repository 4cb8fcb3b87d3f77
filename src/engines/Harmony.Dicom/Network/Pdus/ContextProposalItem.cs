namespace Harmony.Dicom.Network.Pdus;

/// <summary>A presentation context item of a request (20H): PS3.8 §9.3.2.2.</summary>
/// <param name="Id">Odd, 1 to 255.</param>
/// <param name="AbstractSyntax">UID of a SOP class.</param>
/// <param name="TransferSyntaxes">UIDs, the best first.</param>
public sealed record ContextProposalItem(byte Id, string AbstractSyntax, IReadOnlyList<string> TransferSyntaxes);
