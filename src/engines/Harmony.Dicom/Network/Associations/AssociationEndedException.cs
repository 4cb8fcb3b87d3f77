namespace Harmony.Dicom.Network.Associations;

/// <summary>The association ended while something was going on: it was aborted, lost, or a time passed.</summary>
/// <param name="end">How it ended.</param>
public sealed class AssociationEndedException(AssociationEnd end) : DicomNetworkException(Explain(end), end?.Cause)
{
    /// <summary>How it ended.</summary>
    public AssociationEnd End { get; } = end;

    /// <inheritdoc/>
    public override bool IsTransient => End.Kind is AssociationEndKind.ConnectionLost or AssociationEndKind.AbortedByPeer;

    private static string Explain(AssociationEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return $"the association has ended: {end}";
    }
}
