using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Dicom.Network.Scu;

/// <summary>
/// Sends the objects of a C-MOVE to their destination. An object that breaks the association, by being unreadable in its middle, costs the
/// others nothing: they go by a new one.
/// </summary>
public sealed class MoveDestination : IStoreDestination, IAsyncDisposable
{
    private readonly DicomClient _client;
    private readonly DicomPeer _peer;
    private readonly IReadOnlyList<ContextProposal> _contexts;
    private ClientAssociation _association;
    private DicomNetworkException? _lost;

    private MoveDestination(DicomClient client, DicomPeer peer, IReadOnlyList<ContextProposal> contexts, ClientAssociation association)
        => (_client, _peer, _contexts, _association) = (client, peer, contexts, association);

    /// <summary>Opens the first association.</summary>
    /// <param name="client">Opens associations.</param>
    /// <param name="peer">The destination.</param>
    /// <param name="contexts">What the objects need, 1 to 128.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DicomNetworkException">The destination takes none.</exception>
    public static async Task<MoveDestination> ConnectAsync(
        DicomClient client, DicomPeer peer, IReadOnlyList<ContextProposal> contexts, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new MoveDestination(client, peer, contexts, await client.ConnectAsync(peer, contexts, ct));
    }

    /// <inheritdoc/>
    /// <exception cref="DicomNetworkException">
    /// The object did not arrive. Once the destination takes no association any more, this is thrown at once for every further object.
    /// </exception>
    public async ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default)
    {
        if (!_association.IsOpen) await ReconnectAsync(ct);
        return await _association.StoreAsync(instance, originator, ct);
    }

    /// <summary>Releases the association.</summary>
    public ValueTask DisposeAsync() => _association.DisposeAsync();

    private async Task ReconnectAsync(CancellationToken ct)
    {
        if (_lost is not null) throw _lost;
        await _association.DisposeAsync();
        try
        {
            _association = await _client.ConnectAsync(_peer, _contexts, ct);
        }
        catch (DicomNetworkException e)
        {
            _lost = e;
            throw;
        }
    }
}
