namespace Harmony.Dicom.Network.Pdus;

/// <summary>A presentation context item of an acceptance (21H): PS3.8 §9.3.3.2.</summary>
/// <param name="Id">That of the proposal.</param>
/// <param name="Result">Whether it was accepted.</param>
/// <param name="TransferSyntax">UID of the one that was chosen; means nothing if the context was not accepted.</param>
public sealed record ContextResultItem(byte Id, ContextResult Result, string TransferSyntax);
