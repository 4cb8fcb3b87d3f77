using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>N-SET-RSP, which may be followed by the elements as they are now: PS3.7 §10.3.3.2.</summary>
public sealed record NSetResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NSetResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    internal static NSetResponse Read(CommandReader command) => ReadInto(command, new NSetResponse
    {
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID),
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
    }
}
