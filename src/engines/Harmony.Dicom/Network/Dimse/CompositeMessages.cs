using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>A request of a composite service that has a priority: C-STORE, C-FIND, C-GET, C-MOVE (PS3.7 §9.3).</summary>
public abstract record CompositeRequest : DimseRequest
{
    private protected CompositeRequest()
    {
    }

    /// <summary>The SOP class: the kind of the object, or the information model of the query. Empty when the peer left it out.</summary>
    public override required string SopClassUid { get; init; }

    /// <summary>How urgent the request is, (0000,0700).</summary>
    public DimsePriority Priority { get; init; }

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.UInt16(DicomTag.Priority, (ushort)Priority);
    }

    /// <summary>Reads the elements that these requests share.</summary>
    private protected static TRequest ReadComposite<TRequest>(CommandReader command, TRequest request)
        where TRequest : CompositeRequest
        => ReadInto(command, request) with { Priority = (DimsePriority)(command.OptionalUInt16(DicomTag.Priority) ?? 0) };
}

/// <summary>C-ECHO-RQ: PS3.7 §9.3.5.1.</summary>
public sealed record CEchoRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CEchoRequest;

    /// <inheritdoc/>
    public override string SopClassUid { get; init; } = Uid.VerificationSOPClass;

    /// <inheritdoc/>
    public override CEchoResponse Respond(DimseResult result) => RespondWith(new CEchoResponse(), result);

    internal static CEchoRequest Read(CommandReader command) => ReadInto(command, new CEchoRequest());
}

/// <summary>C-ECHO-RSP: PS3.7 §9.3.5.2.</summary>
public sealed record CEchoResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CEchoResponse;

    internal static CEchoResponse Read(CommandReader command) => ReadInto(command, new CEchoResponse());
}

/// <summary>C-STORE-RQ, followed by the object: PS3.7 §9.3.1.1.</summary>
public sealed record CStoreRequest : CompositeRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CStoreRequest;

    /// <summary>The UID of the object. Empty when the peer left it out.</summary>
    public required string SopInstanceUid { get; init; }

    /// <summary>The C-MOVE that this C-STORE is part of; null when it is part of none.</summary>
    public MoveOriginator? MoveOriginator { get; init; }

    /// <inheritdoc/>
    public override CStoreResponse Respond(DimseResult result) => RespondWith(new CStoreResponse { SopInstanceUid = SopInstanceUid }, result);

    internal static CStoreRequest Read(CommandReader command) => ReadComposite(command, new CStoreRequest
    {
        SopClassUid = "",
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID) ?? "",
        MoveOriginator = command.OptionalText(DicomTag.MoveOriginatorApplicationEntityTitle) is { } title
            ? new MoveOriginator(title, command.OptionalUInt16(DicomTag.MoveOriginatorMessageID) ?? 0)
            : null,
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
        command.Text(DicomTag.MoveOriginatorApplicationEntityTitle, MoveOriginator?.AeTitle);
        command.UInt16(DicomTag.MoveOriginatorMessageID, MoveOriginator?.MessageId);
    }
}

/// <summary>C-STORE-RSP: PS3.7 §9.3.1.2.</summary>
public sealed record CStoreResponse : InstanceResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CStoreResponse;

    internal static CStoreResponse Read(CommandReader command) => ReadInstance(command, new CStoreResponse());
}

/// <summary>C-FIND-RQ, followed by the identifier: PS3.7 §9.3.2.1.</summary>
public sealed record CFindRequest : CompositeRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CFindRequest;

    /// <inheritdoc/>
    public override CFindResponse Respond(DimseResult result) => RespondWith(new CFindResponse(), result);

    internal static CFindRequest Read(CommandReader command) => ReadComposite(command, new CFindRequest { SopClassUid = "" });
}

/// <summary>C-FIND-RSP; a pending one is followed by a match: PS3.7 §9.3.2.2.</summary>
public sealed record CFindResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CFindResponse;

    internal static CFindResponse Read(CommandReader command) => ReadInto(command, new CFindResponse());
}

/// <summary>The response to a retrieval, which counts its sub-operations: C-GET and C-MOVE.</summary>
public abstract record RetrieveResponse : DimseResponse
{
    private protected RetrieveResponse()
    {
    }

    /// <summary>The numbers of C-STORE sub-operations, by their outcome.</summary>
    public SubOperations SubOperations { get; init; }

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        SubOperations.Write(command);
    }
}

/// <summary>C-GET-RQ, followed by the identifier: PS3.7 §9.3.3.1.</summary>
public sealed record CGetRequest : CompositeRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CGetRequest;

    /// <inheritdoc/>
    public override CGetResponse Respond(DimseResult result) => RespondWith(new CGetResponse(), result);

    internal static CGetRequest Read(CommandReader command) => ReadComposite(command, new CGetRequest { SopClassUid = "" });
}

/// <summary>C-GET-RSP: PS3.7 §9.3.3.2.</summary>
public sealed record CGetResponse : RetrieveResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CGetResponse;

    internal static CGetResponse Read(CommandReader command) => ReadInto(command, new CGetResponse { SubOperations = SubOperations.Read(command) });
}

/// <summary>C-MOVE-RQ, followed by the identifier: PS3.7 §9.3.4.1.</summary>
public sealed record CMoveRequest : CompositeRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CMoveRequest;

    /// <summary>AE title of the system that receives the objects, (0000,0600). Empty when the peer left it out.</summary>
    public required string MoveDestination { get; init; }

    /// <inheritdoc/>
    public override CMoveResponse Respond(DimseResult result) => RespondWith(new CMoveResponse(), result);

    internal static CMoveRequest Read(CommandReader command) => ReadComposite(command, new CMoveRequest
    {
        SopClassUid = "",
        MoveDestination = command.OptionalText(DicomTag.MoveDestination) ?? "",
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Text(DicomTag.MoveDestination, MoveDestination);
    }
}

/// <summary>C-MOVE-RSP: PS3.7 §9.3.4.2.</summary>
public sealed record CMoveResponse : RetrieveResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CMoveResponse;

    internal static CMoveResponse Read(CommandReader command) => ReadInto(command, new CMoveResponse { SubOperations = SubOperations.Read(command) });
}
