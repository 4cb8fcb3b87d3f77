namespace Harmony.Dicom.Network.Pdus;

/// <summary>How many operations may be going on at once (53H): PS3.7 §D.3.3.3.</summary>
/// <param name="Invoked">How many the sender of this invokes; 0: no limit.</param>
/// <param name="Performed">How many it performs; 0: no limit.</param>
public sealed record AsynchronousOperationsWindow(ushort Invoked, ushort Performed);
