using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

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
