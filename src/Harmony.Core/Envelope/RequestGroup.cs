namespace Harmony.Core.Envelope;

/// <summary>What requests of one client have in common that came together, such as an association of DICOM: a feature of each of them.</summary>
public sealed class RequestGroup
{
    private volatile bool _hasEnded;

    /// <summary>Whether no more requests of the group will come.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Says that no more requests will come.</summary>
    public void End() => _hasEnded = true;
}
