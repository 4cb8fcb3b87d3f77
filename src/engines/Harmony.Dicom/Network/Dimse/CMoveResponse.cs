namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-MOVE-RSP: PS3.7 §9.3.4.2.</summary>
public sealed record CMoveResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CMoveResponse;

    /// <summary>How many sub-operations there are.</summary>
    public SubOperations SubOperations { get; init; }

    internal static CMoveResponse Read(CommandReader command) => ReadInto(command, new CMoveResponse
    {
        SubOperations = SubOperations.Read(command),
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        SubOperations.Write(command);
    }
}
