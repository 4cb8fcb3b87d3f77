namespace Harmony.Dicom.Network.Pdus;

/// <summary>A protocol data unit that manages an association: PS3.8 §9.3. P-DATA-TF is not among them: its bytes are passed on as they arrive.</summary>
public abstract record Pdu
{
    private protected Pdu()
    {
    }

    /// <summary>Its first byte.</summary>
    public abstract PduType Type { get; }
}

/// <summary>The first byte of a protocol data unit: PS3.8 §9.3.</summary>
public enum PduType : byte
{
    /// <summary>A-ASSOCIATE-RQ.</summary>
    AssociateRequest = 1,

    /// <summary>A-ASSOCIATE-AC.</summary>
    AssociateAccept = 2,

    /// <summary>A-ASSOCIATE-RJ.</summary>
    AssociateReject = 3,

    /// <summary>P-DATA-TF.</summary>
    Data = 4,

    /// <summary>A-RELEASE-RQ.</summary>
    ReleaseRequest = 5,

    /// <summary>A-RELEASE-RP.</summary>
    ReleaseResponse = 6,

    /// <summary>A-ABORT.</summary>
    Abort = 7,
}

/// <summary>A-ASSOCIATE-RQ: PS3.8 §9.3.2.</summary>
public sealed record AssociateRequestPdu : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AssociateRequest;

    /// <summary>Bit 0 is set: version 1 is the only one there is.</summary>
    public ushort ProtocolVersion { get; init; } = 1;

    /// <summary>Who is called, 1 to 16 characters without the spaces around it.</summary>
    public required string CalledAeTitle { get; init; }

    /// <summary>Who calls, 1 to 16 characters without the spaces around it.</summary>
    public required string CallingAeTitle { get; init; }

    /// <summary>The application context name: DICOM's.</summary>
    public string ApplicationContext { get; init; } = Data.Uids.Uid.StandardApplicationContext;

    /// <summary>What is proposed, at most 128.</summary>
    public required IReadOnlyList<ContextProposalItem> PresentationContexts { get; init; }

    /// <summary>The user information items.</summary>
    public required UserInformation UserInformation { get; init; }
}

/// <summary>A-ASSOCIATE-AC: PS3.8 §9.3.3.</summary>
public sealed record AssociateAcceptPdu : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AssociateAccept;

    /// <summary>Bit 0 is set.</summary>
    public ushort ProtocolVersion { get; init; } = 1;

    /// <summary>As in the request; not to be tested.</summary>
    public required string CalledAeTitle { get; init; }

    /// <summary>As in the request; not to be tested.</summary>
    public required string CallingAeTitle { get; init; }

    /// <summary>The application context name: DICOM's.</summary>
    public string ApplicationContext { get; init; } = Data.Uids.Uid.StandardApplicationContext;

    /// <summary>The answer to each proposal.</summary>
    public required IReadOnlyList<ContextResultItem> PresentationContexts { get; init; }

    /// <summary>The user information items.</summary>
    public required UserInformation UserInformation { get; init; }
}

/// <summary>A-ASSOCIATE-RJ: PS3.8 §9.3.4.</summary>
/// <param name="Rejection">What is said with it.</param>
public sealed record AssociateRejectPdu(AssociationRejection Rejection) : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AssociateReject;
}

/// <summary>A-RELEASE-RQ: PS3.8 §9.3.6.</summary>
public sealed record ReleaseRequestPdu : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.ReleaseRequest;
}

/// <summary>A-RELEASE-RP: PS3.8 §9.3.7.</summary>
public sealed record ReleaseResponsePdu : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.ReleaseResponse;
}

/// <summary>A-ABORT: PS3.8 §9.3.8.</summary>
/// <param name="Source">Who ends the association.</param>
/// <param name="Reason">Why, if the provider does; else it means nothing.</param>
public sealed record AbortPdu(AbortSource Source, AbortReason Reason = AbortReason.NotSpecified) : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.Abort;
}

/// <summary>Who ends an association by A-ABORT: PS3.8 table 9-26.</summary>
public enum AbortSource : byte
{
    /// <summary>The application.</summary>
    ServiceUser = 0,

    /// <summary>The protocol's implementation, as something came that it does not allow.</summary>
    ServiceProvider = 2,
}

/// <summary>Why a provider ends an association by A-ABORT: PS3.8 table 9-26.</summary>
public enum AbortReason : byte
{
    /// <summary>Not said.</summary>
    NotSpecified = 0,

    /// <summary>A PDU of a type that does not exist.</summary>
    UnrecognizedPdu = 1,

    /// <summary>A PDU that is not allowed now.</summary>
    UnexpectedPdu = 2,

    /// <summary>A parameter that does not exist.</summary>
    UnrecognizedPduParameter = 4,

    /// <summary>A parameter that is not allowed here.</summary>
    UnexpectedPduParameter = 5,

    /// <summary>A parameter with a value that it cannot have.</summary>
    InvalidPduParameterValue = 6,
}
