using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>N-ACTION-RSP, which may be followed by the action reply: PS3.7 §10.3.4.2.</summary>
public sealed record NActionResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NActionResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>As in the request; may be left out.</summary>
    public ushort? ActionTypeId { get; init; }

    internal static NActionResponse Read(CommandReader command) => ReadInto(command, new NActionResponse
    {
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID),
        ActionTypeId = command.OptionalUInt16(DicomTag.ActionTypeID),
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
        command.UInt16(DicomTag.ActionTypeID, ActionTypeId);
    }
}
