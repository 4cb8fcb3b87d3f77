namespace Harmony.Dicom.Network.Pdus;

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
