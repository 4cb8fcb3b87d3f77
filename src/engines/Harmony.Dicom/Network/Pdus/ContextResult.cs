namespace Harmony.Dicom.Network.Pdus;

/// <summary>Whether a presentation context was accepted: PS3.8 table 9-18.</summary>
public enum ContextResult : byte
{
    /// <summary>Accepted.</summary>
    Accepted = 0,

    /// <summary>Rejected by the user.</summary>
    UserRejection = 1,

    /// <summary>Rejected by the provider, for no reason.</summary>
    NoReason = 2,

    /// <summary>The SOP class is not supported.</summary>
    AbstractSyntaxNotSupported = 3,

    /// <summary>None of the transfer syntaxes is supported.</summary>
    TransferSyntaxesNotSupported = 4,
}
