using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-MOVE-RQ, followed by the identifier: PS3.7 §9.3.4.1.</summary>
public sealed record CMoveRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CMoveRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>AE title of who gets the objects.</summary>
    public required string MoveDestination { get; init; }

    /// <summary>How urgent it is.</summary>
    public DimsePriority Priority { get; init; }

    /// <inheritdoc/>
    public override CMoveResponse Respond(DimseResult result) => RespondWith(new CMoveResponse(), result);

    internal static CMoveRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID) ?? "",
        MoveDestination = command.OptionalText(DicomTag.MoveDestination) ?? "",
        Priority = (DimsePriority)(command.OptionalUInt16(DicomTag.Priority) ?? 0),
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
        command.Text(DicomTag.MoveDestination, MoveDestination);
        command.UInt16(DicomTag.Priority, (ushort)Priority);
    }
}

/// <summary>C-MOVE-RSP: PS3.7 §9.3.4.2.</summary>
public sealed record CMoveResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CMoveResponse;

    /// <summary>How many sub-operations there are.</summary>
    public SubOperations SubOperations { get; init; }

    internal static CMoveResponse Read(CommandReader command) => ReadInto(command, new CMoveResponse
    {
        SubOperations = SubOperations.Read(command),
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        SubOperations.Write(command);
    }
}
