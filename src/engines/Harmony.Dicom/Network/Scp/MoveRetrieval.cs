namespace Harmony.Dicom.Network.Scp;

/// <summary>What a C-MOVE brings, and to whom.</summary>
public sealed class MoveRetrieval : Retrieval
{
    /// <summary>Who gets the objects: an association with the destination, mostly (<see cref="Scu.ClientAssociation"/>).</summary>
    public required IStoreDestination Destination { get; init; }
}
