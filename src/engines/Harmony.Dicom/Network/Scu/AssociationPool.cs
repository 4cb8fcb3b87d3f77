using System.Collections.Concurrent;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Dicom.Network.Scu;

/// <summary>
/// Keeps associations open for the next to use. An association is given to one at a time, and only to those who want the same: the same peer,
/// titles, TLS and user (the same <see cref="DicomPeer"/>, best made once for each peer), and the same presentation contexts.
/// </summary>
/// <param name="options">How many, and for how long.</param>
/// <param name="client">Opens associations; null: one with the defaults.</param>
public sealed class AssociationPool(AssociationPoolOptions? options = null, DicomClient? client = null) : IAsyncDisposable
{
    private readonly AssociationPoolOptions _options = options ?? new AssociationPoolOptions();
    private readonly DicomClient _client = client ?? new DicomClient();
    private readonly ConcurrentDictionary<DicomPeer, AssociationPoolBucket> _buckets = new();
    private bool _isDisposed;

    /// <summary>An association that nobody uses, or a new one. Waits if as many are in use as there may be.</summary>
    /// <exception cref="DicomNetworkException">There was none, and opening one failed; see <see cref="DicomClient.ConnectAsync(DicomPeer, IReadOnlyList{ContextProposal}, CancellationToken)"/>.</exception>
    public ValueTask<PooledAssociation> RentAsync(DicomPeer peer, IReadOnlyList<ContextProposal> contexts, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(contexts);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        return _buckets.GetOrAdd(peer, p => new AssociationPoolBucket(p, _options, _client)).RentAsync(contexts, ct);
    }

    /// <summary>Releases those that nobody uses; the others when they are given back.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        foreach (var bucket in _buckets.Values) await bucket.CloseAsync();
    }
}
