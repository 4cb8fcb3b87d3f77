namespace Harmony.Dicom.Network.Pdus;

/// <summary>A protocol data unit that manages an association: PS3.8 §9.3. P-DATA-TF is none of them: its bytes are passed on as they come.</summary>
public abstract record Pdu
{
    private protected Pdu()
    {
    }

    /// <summary>Its first byte.</summary>
    public abstract PduType Type { get; }
}
