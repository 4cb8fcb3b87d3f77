using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>The matches of one query, and the association they come by. When there are more than wanted the query is cancelled.</summary>
/// <param name="rented">The association; given back at the end.</param>
/// <param name="matches">What comes.</param>
/// <param name="most">Most matches; null for no limit.</param>
/// <param name="brokeOff">Is told when the other side stops in the middle.</param>
/// <param name="ct">Cancels the query.</param>
internal sealed class MatchReader(
    RentedAssociation rented, IAsyncEnumerable<DicomDataSet> matches, int? most, Action brokeOff, CancellationToken ct) : IAsyncEnumerator<DicomDataSet>
{
    private readonly IAsyncEnumerator<DicomDataSet> _matches = matches.GetAsyncEnumerator(ct);
    private int _count;
    private bool _isDisposed;

    /// <inheritdoc/>
    public DicomDataSet Current => _matches.Current;

    /// <summary>Whether there were more matches than wanted.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Waits for the first match.</summary>
    /// <exception cref="DicomNetworkException">The query failed.</exception>
    public async ValueTask<bool> FirstAsync() => await NextAsync();

    /// <summary>Waits for a further match.</summary>
    /// <exception cref="GatewayException">The query failed, or nothing came for too long: what came before is not all.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            return await NextAsync();
        }
        catch (AssociationTimeoutException e)
        {
            brokeOff();
            throw new GatewayException(FaultSource.Backend, FaultKind.Timeout, $"{Other} stopped in the middle of its matches: {e.Message}", e);
        }
        catch (DicomNetworkException e)
        {
            if (ScuFaults.IsUnanswered(e)) brokeOff();
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{Other} broke off in the middle of its matches: {ScuFaults.Words(e)}", e);
        }
    }

    /// <summary>Ends the query, with C-CANCEL if it goes on, and gives the association back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        try
        {
            await _matches.DisposeAsync();
        }
        catch (Exception e) when (ScuFaults.IsExpected(e) || e is OperationCanceledException)
        {
            // The query is over either way, and the pool sees whether its association can be used again.
        }

        await rented.DisposeAsync();
    }

    private string Other => rented.Target.Node.Described;

    private async ValueTask<bool> NextAsync()
    {
        if (WasCut || !await _matches.MoveNextAsync()) return false;
        if (++_count <= most.GetValueOrDefault(int.MaxValue)) return true;
        WasCut = true;
        return false;
    }
}
