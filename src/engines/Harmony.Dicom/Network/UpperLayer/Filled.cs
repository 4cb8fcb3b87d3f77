namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>What waiting for bytes has brought.</summary>
internal enum Filled
{
    /// <summary>More bytes.</summary>
    More,

    /// <summary>The peer has closed.</summary>
    Closed,

    /// <summary>The waiting was interrupted.</summary>
    Interrupted,
}
