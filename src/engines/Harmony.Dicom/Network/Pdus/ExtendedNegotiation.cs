namespace Harmony.Dicom.Network.Pdus;

/// <summary>SOP class extended negotiation (56H): PS3.7 §D.3.3.5.</summary>
/// <param name="SopClassUid">The SOP class.</param>
/// <param name="Information">What its service says about it, e.g. for C-FIND whether relational queries are meant.</param>
public sealed record ExtendedNegotiation(string SopClassUid, ReadOnlyMemory<byte> Information);
