namespace Harmony.Dicom.Network.Pdus;

/// <summary>Why an association is not wanted: PS3.8 table 9-21.</summary>
/// <param name="Result">1: permanent; 2: transient, so that another attempt may do.</param>
/// <param name="Source">1: the service user; 2: the provider, ACSE; 3: the provider, presentation.</param>
/// <param name="Reason">What it means depends on <paramref name="Source"/>.</param>
public sealed record AssociationRejection(byte Result, byte Source, byte Reason)
{
    /// <summary>No reason given.</summary>
    public static AssociationRejection NoReason { get; } = new(1, 1, 1);

    /// <summary>The application context name is not DICOM's.</summary>
    public static AssociationRejection ApplicationContextNotSupported { get; } = new(1, 1, 2);

    /// <summary>The calling AE title is not one of those that may call.</summary>
    public static AssociationRejection CallingAeTitleNotRecognized { get; } = new(1, 1, 3);

    /// <summary>The called AE title is not one of this system.</summary>
    public static AssociationRejection CalledAeTitleNotRecognized { get; } = new(1, 1, 7);

    /// <summary>No reason given, by the provider: what PS3.7 §D.3.3.7 wants for a user identity that is not accepted.</summary>
    public static AssociationRejection ProviderNoReason { get; } = new(1, 2, 1);

    /// <summary>The protocol version is not 1.</summary>
    public static AssociationRejection ProtocolVersionNotSupported { get; } = new(1, 2, 2);

    /// <summary>Too busy at the moment.</summary>
    public static AssociationRejection TemporaryCongestion { get; } = new(2, 3, 1);

    /// <summary>There are as many associations as there may be.</summary>
    public static AssociationRejection LocalLimitExceeded { get; } = new(2, 3, 2);

    /// <summary>Whether another attempt later may do.</summary>
    public bool IsTransient => Result == 2;

    /// <summary>In words, e.g. <c>called AE title not recognized (permanent, service user)</c>.</summary>
    public override string ToString()
    {
        var source = Source switch { 1 => "service user", 2 => "service provider, ACSE", 3 => "service provider, presentation", _ => $"source {Source}" };
        return $"{Words} ({(IsTransient ? "transient" : "permanent")}, {source})";
    }

    private string Words => (Source, Reason) switch
    {
        (1, 1) or (2, 1) => "no reason given",
        (1, 2) => "application context name not supported",
        (1, 3) => "calling AE title not recognized",
        (1, 7) => "called AE title not recognized",
        (2, 2) => "protocol version not supported",
        (3, 1) => "temporary congestion",
        (3, 2) => "local limit exceeded",
        _ => $"reason {Reason}",
    };
}
