namespace Harmony.Dicom.Network.Pdus;

/// <summary>The roles of the requestor for a SOP class (54H): PS3.7 §D.3.3.4. In a request what it proposes, in an acceptance what it may.</summary>
/// <param name="SopClassUid">The SOP class.</param>
/// <param name="IsScu">Whether the requestor is a user of the service.</param>
/// <param name="IsScp">Whether the requestor is a provider of it.</param>
public sealed record RoleSelection(string SopClassUid, bool IsScu, bool IsScp);
