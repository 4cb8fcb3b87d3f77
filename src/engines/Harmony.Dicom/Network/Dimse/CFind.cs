using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-FIND-RQ, followed by the identifier: PS3.7 §9.3.2.1.</summary>
public sealed record CFindRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CFindRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>How urgent it is.</summary>
    public DimsePriority Priority { get; init; }

    /// <inheritdoc/>
    public override CFindResponse Respond(DimseResult result) => RespondWith(new CFindResponse(), result);

    internal static CFindRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID) ?? "",
        Priority = (DimsePriority)(command.OptionalUInt16(DicomTag.Priority) ?? 0),
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
        command.UInt16(DicomTag.Priority, (ushort)Priority);
    }
}

/// <summary>C-FIND-RSP; a pending one is followed by a match: PS3.7 §9.3.2.2.</summary>
public sealed record CFindResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CFindResponse;

    internal static CFindResponse Read(CommandReader command) => ReadInto(command, new CFindResponse());
}
