using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-GET-RQ, followed by the identifier: PS3.7 §9.3.3.1.</summary>
public sealed record CGetRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CGetRequest;

    /// <inheritdoc/>
    public override required string SopClassUid { get; init; }

    /// <summary>How urgent it is.</summary>
    public DimsePriority Priority { get; init; }

    /// <inheritdoc/>
    public override CGetResponse Respond(DimseResult result) => RespondWith(new CGetResponse(), result);

    internal static CGetRequest Read(CommandReader command) => new()
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

/// <summary>C-GET-RSP: PS3.7 §9.3.3.2.</summary>
public sealed record CGetResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CGetResponse;

    /// <summary>How many sub-operations there are.</summary>
    public SubOperations SubOperations { get; init; }

    internal static CGetResponse Read(CommandReader command) => ReadInto(command, new CGetResponse
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
