namespace Harmony.Dicom.Network.Pdus;

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
