namespace Harmony.Dicom.Network.Pdus;

/// <summary>SOP class common extended negotiation (57H): PS3.7 §D.3.3.6.</summary>
/// <param name="SopClassUid">The SOP class.</param>
/// <param name="ServiceClassUid">Its service class, e.g. that of storage.</param>
/// <param name="RelatedGeneralSopClassUids">More general SOP classes that it can be treated as.</param>
public sealed record CommonExtendedNegotiation(string SopClassUid, string ServiceClassUid, IReadOnlyList<string> RelatedGeneralSopClassUids);
