namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>Leaves the reading of a PDU, as nothing has come in time, or as nothing that comes is wanted any more.</summary>
internal sealed class ReadingInterruptedException : Exception;
