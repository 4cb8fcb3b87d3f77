using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>N-CREATE-RSP, which may be followed by the elements as they are now: PS3.7 §10.3.5.2.</summary>
public sealed record NCreateResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NCreateResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    internal static NCreateResponse Read(CommandReader command) => ReadInto(command, new NCreateResponse
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
