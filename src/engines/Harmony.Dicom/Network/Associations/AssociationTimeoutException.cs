namespace Harmony.Dicom.Network.Associations;

/// <summary>A peer did not do something in the time it had for it.</summary>
/// <param name="what">What it did not do.</param>
/// <param name="limit">The time it had.</param>
public sealed class AssociationTimeoutException(string what, TimeSpan limit) : DicomNetworkException($"{what} within {limit.TotalSeconds:0.###} s")
{
    /// <summary>The time it had.</summary>
    public TimeSpan Limit { get; } = limit;

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
