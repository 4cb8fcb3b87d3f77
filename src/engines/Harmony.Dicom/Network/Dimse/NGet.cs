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
