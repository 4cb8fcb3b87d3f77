namespace Harmony.Dicom.Network.Pdus;

/// <summary>The first byte of an item: PS3.8 §9.3.2, annex D; PS3.7 §D.3.3.</summary>
internal static class ItemType
{
    public const byte ApplicationContext = 0x10;
    public const byte ContextProposal = 0x20;
    public const byte ContextResult = 0x21;
    public const byte AbstractSyntax = 0x30;
    public const byte TransferSyntax = 0x40;
    public const byte UserInformation = 0x50;
    public const byte MaxLength = 0x51;
    public const byte ImplementationClassUid = 0x52;
    public const byte AsynchronousOperations = 0x53;
    public const byte RoleSelection = 0x54;
    public const byte ImplementationVersionName = 0x55;
    public const byte ExtendedNegotiation = 0x56;
    public const byte CommonExtendedNegotiation = 0x57;
    public const byte UserIdentity = 0x58;
    public const byte UserIdentityResponse = 0x59;
}
