namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-GET-RSP: PS3.7 §9.3.3.2.</summary>
public sealed record CGetResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CGetResponse;

    /// <summary>How many sub-operations there are.</summary>
    public SubOperations SubOperations { get; init; }

    internal static CGetResponse Read(CommandReader command) => ReadInto(command, new CGetResponse
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
