using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>N-DELETE-RSP: PS3.7 §10.3.6.2.</summary>
public sealed record NDeleteResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NDeleteResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    internal static NDeleteResponse Read(CommandReader command) => ReadInto(command, new NDeleteResponse
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
