using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>N-GET-RSP, followed by the elements: PS3.7 §10.3.2.2.</summary>
public sealed record NGetResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NGetResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    internal static NGetResponse Read(CommandReader command) => ReadInto(command, new NGetResponse
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
