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

/// <summary>N-GET-RQ: PS3.7 §10.3.2.1.</summary>
public sealed record NGetRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NGetRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>Which object it is about.</summary>
    public required string SopInstanceUid { get; init; }

    /// <summary>The elements that are wanted; none: all.</summary>
    public IReadOnlyList<DicomTag> Attributes { get; init; } = [];

    /// <inheritdoc/>
    public override NGetResponse Respond(DimseResult result) => RespondWith(new NGetResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NGetRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.RequestedSOPClassUID) ?? "",
        SopInstanceUid = command.OptionalText(DicomTag.RequestedSOPInstanceUID) ?? "",
        Attributes = command.Tags(DicomTag.AttributeIdentifierList),
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.RequestedSOPClassUID, SopClassUid);
        command.Uid(DicomTag.RequestedSOPInstanceUID, SopInstanceUid);
        command.Tags(DicomTag.AttributeIdentifierList, Attributes);
    }
}

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

/// <summary>N-SET-RQ, followed by the elements to change: PS3.7 §10.3.3.1.</summary>
public sealed record NSetRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NSetRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>Which object it is about.</summary>
    public required string SopInstanceUid { get; init; }

    /// <inheritdoc/>
    public override NSetResponse Respond(DimseResult result) => RespondWith(new NSetResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NSetRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.RequestedSOPClassUID) ?? "",
        SopInstanceUid = command.OptionalText(DicomTag.RequestedSOPInstanceUID) ?? "",
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.RequestedSOPClassUID, SopClassUid);
        command.Uid(DicomTag.RequestedSOPInstanceUID, SopInstanceUid);
    }
}

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

/// <summary>N-ACTION-RQ, which may be followed by action information: PS3.7 §10.3.4.1.</summary>
public sealed record NActionRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NActionRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>Which object it is about.</summary>
    public required string SopInstanceUid { get; init; }

    /// <summary>What is to be done; depends on the SOP class.</summary>
    public required ushort ActionTypeId { get; init; }

    /// <inheritdoc/>
    public override NActionResponse Respond(DimseResult result)
        => RespondWith(new NActionResponse { SopInstanceUid = SopInstanceUid, ActionTypeId = ActionTypeId }, result);

    internal static NActionRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.RequestedSOPClassUID) ?? "",
        SopInstanceUid = command.OptionalText(DicomTag.RequestedSOPInstanceUID) ?? "",
        ActionTypeId = command.UInt16(DicomTag.ActionTypeID),
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.RequestedSOPClassUID, SopClassUid);
        command.Uid(DicomTag.RequestedSOPInstanceUID, SopInstanceUid);
        command.UInt16(DicomTag.ActionTypeID, ActionTypeId);
    }
}

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

/// <summary>N-CREATE-RQ, which may be followed by the elements: PS3.7 §10.3.5.1.</summary>
public sealed record NCreateRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NCreateRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>Which object it becomes; null leaves that to the peer.</summary>
    public string? SopInstanceUid { get; init; }

    /// <inheritdoc/>
    public override NCreateResponse Respond(DimseResult result) => RespondWith(new NCreateResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NCreateRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID) ?? "",
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID),
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
    }
}

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

/// <summary>N-DELETE-RQ: PS3.7 §10.3.6.1.</summary>
public sealed record NDeleteRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NDeleteRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>Which object it is about.</summary>
    public required string SopInstanceUid { get; init; }

    /// <inheritdoc/>
    public override NDeleteResponse Respond(DimseResult result) => RespondWith(new NDeleteResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NDeleteRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.RequestedSOPClassUID) ?? "",
        SopInstanceUid = command.OptionalText(DicomTag.RequestedSOPInstanceUID) ?? "",
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.RequestedSOPClassUID, SopClassUid);
        command.Uid(DicomTag.RequestedSOPInstanceUID, SopInstanceUid);
    }
}

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
