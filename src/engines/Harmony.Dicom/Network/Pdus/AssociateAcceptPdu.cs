namespace Harmony.Dicom.Network.Pdus;

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
