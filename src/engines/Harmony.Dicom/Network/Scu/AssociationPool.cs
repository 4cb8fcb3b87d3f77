using System.Collections.Concurrent;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Dicom.Network.Scu;

/// <summary>How many associations a pool keeps, and for how long. Other values are refused with <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record AssociationPoolOptions
{
    /// <summary>How many may be open to one peer at once, used or not. Default 8. At least 1.</summary>
    public int MaxPerPeer
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 8;

    /// <summary>How long an idle association stays open. Default 30 s: many peers end idle associations soon. Zero: not at all.</summary>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = value == TimeSpan.Zero ? value : OptionRange.Time(value);
    } = TimeSpan.FromSeconds(30);
}

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

    /// <summary>Rents an idle association, or a new one. Waits while as many are in use as the limit allows.</summary>
    /// <exception cref="DicomNetworkException">
    /// There was none, and opening one failed; see <see cref="DicomClient.ConnectAsync(DicomPeer, IReadOnlyList{ContextProposal}, CancellationToken)"/>.
    /// </exception>
    public ValueTask<PooledAssociation> RentAsync(DicomPeer peer, IReadOnlyList<ContextProposal> contexts, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(contexts);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        return _buckets.GetOrAdd(peer, p => new AssociationPoolBucket(p, _options, _client)).RentAsync(contexts, ct);
    }

    /// <summary>Releases the idle associations; the others when they are given back.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        foreach (var bucket in _buckets.Values) await bucket.CloseAsync();
    }
}

/// <summary>An association of a pool, to be given back by disposing this.</summary>
public sealed class PooledAssociation : IAsyncDisposable
{
    private AssociationPoolBucket? _bucket;

    internal PooledAssociation(AssociationPoolBucket bucket, ClientAssociation association, bool isReused)
        => (_bucket, Association, IsReused) = (bucket, association, isReused);

    /// <summary>The association.</summary>
    public ClientAssociation Association { get; }

    /// <summary>Whether it was used before: if its first operation fails because it has ended, a new one is worth a try.</summary>
    public bool IsReused { get; }

    /// <summary>Gives it back. Others get it only if it is open and nothing is going on.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _bucket, null) is { } bucket ? bucket.ReturnAsync(Association) : default;
}
