using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

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
