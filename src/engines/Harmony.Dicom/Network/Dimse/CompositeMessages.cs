using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-ECHO-RQ: PS3.7 §9.3.5.1.</summary>
public sealed record CEchoRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CEchoRequest;

    /// <inheritdoc/>
    public override string SopClassUid { get; init; } = Uid.VerificationSOPClass;

    /// <inheritdoc/>
    public override CEchoResponse Respond(DimseResult result) => RespondWith(new CEchoResponse(), result);

    internal static CEchoRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID) ?? Uid.VerificationSOPClass,
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
    }
}

/// <summary>C-ECHO-RSP: PS3.7 §9.3.5.2.</summary>
public sealed record CEchoResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CEchoResponse;

    internal static CEchoResponse Read(CommandReader command) => ReadInto(command, new CEchoResponse());
}

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
