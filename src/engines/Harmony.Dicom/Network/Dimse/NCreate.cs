using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

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
