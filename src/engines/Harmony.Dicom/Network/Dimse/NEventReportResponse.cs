using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>N-EVENT-REPORT-RSP: PS3.7 §10.3.1.2.</summary>
public sealed record NEventReportResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NEventReportResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>As in the request; may be left out.</summary>
    public ushort? EventTypeId { get; init; }

    internal static NEventReportResponse Read(CommandReader command) => ReadInto(command, new NEventReportResponse
    {
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID),
        EventTypeId = command.OptionalUInt16(DicomTag.EventTypeID),
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
        command.UInt16(DicomTag.EventTypeID, EventTypeId);
    }
}
