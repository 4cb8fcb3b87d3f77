namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-ECHO-RSP: PS3.7 §9.3.5.2.</summary>
public sealed record CEchoResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CEchoResponse;

    internal static CEchoResponse Read(CommandReader command) => ReadInto(command, new CEchoResponse());
}
