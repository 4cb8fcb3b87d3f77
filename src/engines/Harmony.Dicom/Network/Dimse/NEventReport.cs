using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>N-EVENT-REPORT-RQ, which may be followed by event information: PS3.7 §10.3.1.1.</summary>
public sealed record NEventReportRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NEventReportRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>Which object it is about.</summary>
    public required string SopInstanceUid { get; init; }

    /// <summary>What has happened; depends on the SOP class.</summary>
    public required ushort EventTypeId { get; init; }

    /// <inheritdoc/>
    public override NEventReportResponse Respond(DimseResult result)
        => RespondWith(new NEventReportResponse { SopInstanceUid = SopInstanceUid, EventTypeId = EventTypeId }, result);

    internal static NEventReportRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID) ?? "",
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID) ?? "",
        EventTypeId = command.UInt16(DicomTag.EventTypeID),
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
        command.UInt16(DicomTag.EventTypeID, EventTypeId);
    }
}

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
