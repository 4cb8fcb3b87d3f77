using System.Collections.Concurrent;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// How many associations each AE title of each listener has, whichever configuration they began in: <c>max_associations</c> is a limit of all of them, or each
/// reload would double it.
/// </summary>
internal sealed class AssociationCounts
{
    private readonly ConcurrentDictionary<(string Network, string Address, int Port, string AeTitle), AssociationCount> _counts = new();

    /// <summary>That of a title.</summary>
    public AssociationCount Of(DimseBinding binding, string aeTitle)
        => _counts.GetOrAdd((binding.Network, binding.Address, binding.ConfiguredPort, aeTitle), static _ => new AssociationCount());
}
