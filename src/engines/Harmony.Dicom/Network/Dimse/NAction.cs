using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

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
