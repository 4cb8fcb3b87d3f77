namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-FIND-RSP; a pending one is followed by a match: PS3.7 §9.3.2.2.</summary>
public sealed record CFindResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CFindResponse;

    internal static CFindResponse Read(CommandReader command) => ReadInto(command, new CFindResponse());
}
