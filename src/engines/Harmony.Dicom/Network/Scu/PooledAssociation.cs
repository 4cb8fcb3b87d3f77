namespace Harmony.Dicom.Network.Scu;

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
