using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-STORE-RQ, followed by the object: PS3.7 §9.3.1.1.</summary>
public sealed record CStoreRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CStoreRequest;

    /// <summary>What kind of object it is about; empty where a peer did not say.</summary>
    public override required string SopClassUid { get; init; }

    /// <summary>Which object it is about; empty where a peer did not say.</summary>
    public required string SopInstanceUid { get; init; }

    /// <summary>How urgent it is.</summary>
    public DimsePriority Priority { get; init; }

    /// <summary>Whose C-MOVE it is part of, if it is.</summary>
    public MoveOriginator? MoveOriginator { get; init; }

    /// <inheritdoc/>
    public override CStoreResponse Respond(DimseResult result) => RespondWith(new CStoreResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static CStoreRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID) ?? "",
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID) ?? "",
        Priority = (DimsePriority)(command.OptionalUInt16(DicomTag.Priority) ?? 0),
        MoveOriginator = command.OptionalText(DicomTag.MoveOriginatorApplicationEntityTitle) is { } title
            ? new MoveOriginator(title, command.OptionalUInt16(DicomTag.MoveOriginatorMessageID) ?? 0)
            : null,
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
        command.UInt16(DicomTag.Priority, (ushort)Priority);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
        command.Text(DicomTag.MoveOriginatorApplicationEntityTitle, MoveOriginator?.AeTitle);
        command.UInt16(DicomTag.MoveOriginatorMessageID, MoveOriginator?.MessageId);
    }
}

/// <summary>C-STORE-RSP: PS3.7 §9.3.1.2.</summary>
public sealed record CStoreResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CStoreResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    internal static CStoreResponse Read(CommandReader command) => ReadInto(command, new CStoreResponse
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
