using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

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
