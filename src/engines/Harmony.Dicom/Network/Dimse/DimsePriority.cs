namespace Harmony.Dicom.Network.Dimse;

/// <summary>How urgent a request is, (0000,0700).</summary>
public enum DimsePriority : ushort
{
    /// <summary>As usual.</summary>
    Medium = 0,

    /// <summary>Urgent.</summary>
    High = 1,

    /// <summary>Not urgent.</summary>
    Low = 2,
}
