using Harmony.Dicom.Network.Scu;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>An association with a target while an operation has it; given back by disposing this.</summary>
/// <param name="target">Whom it is with.</param>
/// <param name="pooled">The association.</param>
/// <param name="owner">Counts it.</param>
internal sealed class RentedAssociation(DicomTarget target, PooledAssociation pooled, NodeAssociations owner) : IAsyncDisposable
{
    private int _isDisposed;

    /// <summary>Whom it is with.</summary>
    public DicomTarget Target => target;

    /// <summary>The association.</summary>
    public ClientAssociation Association => pooled.Association;

    /// <summary>Whether it was used before, so that it may have ended unnoticed.</summary>
    public bool IsReused => pooled.IsReused;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        try
        {
            await pooled.DisposeAsync();
        }
        finally
        {
            owner.Leave();
        }
    }
}
