using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>A request of a normalized service about an object that exists: every one but N-CREATE (PS3.7 §10.3).</summary>
public abstract record NormalizedRequest : DimseRequest
{
    private protected NormalizedRequest()
    {
    }

    /// <summary>The SOP class of the object. Empty when the peer left it out.</summary>
    public override required string SopClassUid { get; init; }

    /// <summary>The UID of the object. Empty when the peer left it out.</summary>
    public required string SopInstanceUid { get; init; }

    private protected override DicomTag SopClassTag => DicomTag.RequestedSOPClassUID;

    private protected virtual DicomTag SopInstanceTag => DicomTag.RequestedSOPInstanceUID;

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(SopInstanceTag, SopInstanceUid);
    }

    /// <summary>Reads the elements that these requests share.</summary>
    private protected static TRequest ReadNormalized<TRequest>(CommandReader command, TRequest request)
        where TRequest : NormalizedRequest
        => ReadInto(command, request) with { SopInstanceUid = command.OptionalText(request.SopInstanceTag) ?? "" };
}

/// <summary>N-EVENT-REPORT-RQ, which may be followed by event information: PS3.7 §10.3.1.1.</summary>
public sealed record NEventReportRequest : NormalizedRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NEventReportRequest;

    /// <summary>The event, as a number that the SOP class defines, (0000,1002).</summary>
    public required ushort EventTypeId { get; init; }

    private protected override DicomTag SopClassTag => DicomTag.AffectedSOPClassUID;

    private protected override DicomTag SopInstanceTag => DicomTag.AffectedSOPInstanceUID;

    /// <inheritdoc/>
    public override NEventReportResponse Respond(DimseResult result)
        => RespondWith(new NEventReportResponse { SopInstanceUid = SopInstanceUid, EventTypeId = EventTypeId }, result);

    internal static NEventReportRequest Read(CommandReader command)
        => ReadNormalized(command, new NEventReportRequest { SopClassUid = "", SopInstanceUid = "", EventTypeId = command.UInt16(DicomTag.EventTypeID) });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.UInt16(DicomTag.EventTypeID, EventTypeId);
    }
}

/// <summary>N-EVENT-REPORT-RSP: PS3.7 §10.3.1.2.</summary>
public sealed record NEventReportResponse : InstanceResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NEventReportResponse;

    /// <summary>The event of the request; null when left out.</summary>
    public ushort? EventTypeId { get; init; }

    internal static NEventReportResponse Read(CommandReader command)
        => ReadInstance(command, new NEventReportResponse { EventTypeId = command.OptionalUInt16(DicomTag.EventTypeID) });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.UInt16(DicomTag.EventTypeID, EventTypeId);
    }
}

/// <summary>N-GET-RQ: PS3.7 §10.3.2.1.</summary>
public sealed record NGetRequest : NormalizedRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NGetRequest;

    /// <summary>The elements that are wanted, (0000,1005). An empty list asks for all.</summary>
    public IReadOnlyList<DicomTag> Attributes { get; init; } = [];

    /// <inheritdoc/>
    public override NGetResponse Respond(DimseResult result) => RespondWith(new NGetResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NGetRequest Read(CommandReader command)
        => ReadNormalized(command, new NGetRequest { SopClassUid = "", SopInstanceUid = "", Attributes = command.Tags(DicomTag.AttributeIdentifierList) });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Tags(DicomTag.AttributeIdentifierList, Attributes);
    }
}

/// <summary>N-GET-RSP, followed by the elements: PS3.7 §10.3.2.2.</summary>
public sealed record NGetResponse : InstanceResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NGetResponse;

    internal static NGetResponse Read(CommandReader command) => ReadInstance(command, new NGetResponse());
}

/// <summary>N-SET-RQ, followed by the elements to change: PS3.7 §10.3.3.1.</summary>
public sealed record NSetRequest : NormalizedRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NSetRequest;

    /// <inheritdoc/>
    public override NSetResponse Respond(DimseResult result) => RespondWith(new NSetResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NSetRequest Read(CommandReader command) => ReadNormalized(command, new NSetRequest { SopClassUid = "", SopInstanceUid = "" });
}

/// <summary>N-SET-RSP, which may be followed by the elements as they are now: PS3.7 §10.3.3.2.</summary>
public sealed record NSetResponse : InstanceResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NSetResponse;

    internal static NSetResponse Read(CommandReader command) => ReadInstance(command, new NSetResponse());
}

/// <summary>N-ACTION-RQ, which may be followed by action information: PS3.7 §10.3.4.1.</summary>
public sealed record NActionRequest : NormalizedRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NActionRequest;

    /// <summary>The action, as a number that the SOP class defines, (0000,1008).</summary>
    public required ushort ActionTypeId { get; init; }

    /// <inheritdoc/>
    public override NActionResponse Respond(DimseResult result)
        => RespondWith(new NActionResponse { SopInstanceUid = SopInstanceUid, ActionTypeId = ActionTypeId }, result);

    internal static NActionRequest Read(CommandReader command)
        => ReadNormalized(command, new NActionRequest { SopClassUid = "", SopInstanceUid = "", ActionTypeId = command.UInt16(DicomTag.ActionTypeID) });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.UInt16(DicomTag.ActionTypeID, ActionTypeId);
    }
}

/// <summary>N-ACTION-RSP, which may be followed by the action reply: PS3.7 §10.3.4.2.</summary>
public sealed record NActionResponse : InstanceResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NActionResponse;

    /// <summary>The action of the request; null when left out.</summary>
    public ushort? ActionTypeId { get; init; }

    internal static NActionResponse Read(CommandReader command)
        => ReadInstance(command, new NActionResponse { ActionTypeId = command.OptionalUInt16(DicomTag.ActionTypeID) });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.UInt16(DicomTag.ActionTypeID, ActionTypeId);
    }
}

/// <summary>N-CREATE-RQ, which may be followed by the elements: PS3.7 §10.3.5.1.</summary>
public sealed record NCreateRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NCreateRequest;

    /// <summary>The SOP class of the object. Empty when the peer left it out.</summary>
    public override required string SopClassUid { get; init; }

    /// <summary>The UID that the object gets; null leaves the choice to the peer.</summary>
    public string? SopInstanceUid { get; init; }

    /// <inheritdoc/>
    public override NCreateResponse Respond(DimseResult result) => RespondWith(new NCreateResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NCreateRequest Read(CommandReader command)
        => ReadInto(command, new NCreateRequest { SopClassUid = "", SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID) });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
    }
}

/// <summary>N-CREATE-RSP, which may be followed by the elements as they are now: PS3.7 §10.3.5.2.</summary>
public sealed record NCreateResponse : InstanceResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NCreateResponse;

    internal static NCreateResponse Read(CommandReader command) => ReadInstance(command, new NCreateResponse());
}

/// <summary>N-DELETE-RQ: PS3.7 §10.3.6.1.</summary>
public sealed record NDeleteRequest : NormalizedRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NDeleteRequest;

    /// <inheritdoc/>
    public override NDeleteResponse Respond(DimseResult result) => RespondWith(new NDeleteResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static NDeleteRequest Read(CommandReader command) => ReadNormalized(command, new NDeleteRequest { SopClassUid = "", SopInstanceUid = "" });
}

/// <summary>N-DELETE-RSP: PS3.7 §10.3.6.2.</summary>
public sealed record NDeleteResponse : InstanceResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.NDeleteResponse;

    internal static NDeleteResponse Read(CommandReader command) => ReadInstance(command, new NDeleteResponse());
}
