namespace Harmony.Dicom.Network.Pdus;

/// <summary>Who ends an association by A-ABORT: PS3.8 table 9-26.</summary>
public enum AbortSource : byte
{
    /// <summary>The application.</summary>
    ServiceUser = 0,

    /// <summary>The protocol's implementation, as something came that it does not allow.</summary>
    ServiceProvider = 2,
}
