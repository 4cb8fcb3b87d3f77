namespace Harmony.Dicom.Network.Dimse;

/// <summary>Whose C-MOVE a C-STORE is part of.</summary>
/// <param name="AeTitle">Who asked for it, (0000,1030).</param>
/// <param name="MessageId">The number of its request, (0000,1031).</param>
public sealed record MoveOriginator(string AeTitle, ushort MessageId);
