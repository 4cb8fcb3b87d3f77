using System.Runtime.CompilerServices;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;

namespace Harmony.Gateway.Cli.Dicom.Serving;

/// <summary>Performs the operations of a PACS on an archive.</summary>
/// <param name="archive">The archive.</param>
/// <param name="title">The title it calls destinations with.</param>
/// <param name="destinations">The allowed destinations of C-MOVE, by AE title.</param>
internal sealed class ArchiveHandlers(
    FolderArchive archive, string title, IReadOnlyList<AeAddress> destinations) : IStoreHandler, IFindHandler, IGetHandler, IMoveHandler
{
    private readonly RetrievedFiles _files = new(archive.FolderPath);
    private readonly DicomClient _client = new();

    /// <summary>All of them.</summary>
    public DimseHandlers All => new() { Store = this, Find = this, Get = this, Move = this };

    /// <inheritdoc/>
    public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
    {
        await archive.AddAsync(await _files.SaveAsync(operation, ct), ct);
        return DimseResult.Success;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FindMatch> FindAsync(QueryOperation<CFindRequest> operation, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (var match in archive.Find(LevelOf(operation.Identifier), operation.Identifier))
        {
            ct.ThrowIfCancellationRequested();
            yield return new FindMatch(match.ToBuilder().Set(DicomTag.RetrieveAETitle, title).Build());
        }
    }

    /// <inheritdoc/>
    public ValueTask<Retrieval> GetAsync(QueryOperation<CGetRequest> operation, CancellationToken ct)
    {
        var files = Select(operation.Identifier);
        return new ValueTask<Retrieval>(new Retrieval { Count = files.Count, Instances = OpenAsync(files, ct) });
    }

    /// <inheritdoc/>
    public async ValueTask<MoveRetrieval> MoveAsync(QueryOperation<CMoveRequest> operation, CancellationToken ct)
    {
        if (destinations.FirstOrDefault(d => d.AeTitle == operation.Request.MoveDestination) is not { } to)
            throw new DimseException(DimseStatus.MoveDestinationUnknown);
        var files = Select(operation.Identifier);
        var contexts = await ContextsAsync(files, ct);
        if (contexts.Count == 0) return new MoveRetrieval { Count = files.Count, Instances = OpenAsync(files, ct), Destination = Nowhere.Instance };
        try
        {
            var destination = await MoveDestination.ConnectAsync(_client, new DicomPeer(to.Host, to.Port, to.AeTitle, title), contexts, ct);
            return new MoveRetrieval { Count = files.Count, Instances = OpenAsync(files, ct), Destination = destination, OnDispose = destination.DisposeAsync };
        }
        catch (DicomNetworkException e)
        {
            throw new DimseException(DimseStatus.OutOfResourcesSubOperations, "the move destination takes no association", e);
        }
    }

    /// <summary>The files of what is to be retrieved: never of all there is, because an identifier does not say what.</summary>
    private IReadOnlyList<ArchivedFile> Select(DicomDataSet identifier)
    {
        var level = LevelOf(identifier);
        if (!level.NamesEntities(identifier)) throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass,
            $"the identifier has no value of {level.UniqueKey()}, the unique key of its level");
        return archive.Select(level, identifier);
    }

    private static QueryLevel LevelOf(DicomDataSet identifier) => QueryLevels.TryParse(identifier.GetString(DicomTag.QueryRetrieveLevel), out var level)
        ? level
        : throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass, "the identifier has no query/retrieve level");

    private static async IAsyncEnumerable<SopInstance> OpenAsync(IReadOnlyList<ArchivedFile> files, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var file in files) yield return await file.OpenAsync(ct);
    }

    /// <summary>What the files need, as far as it fits into one association.</summary>
    private static async Task<IReadOnlyList<ContextProposal>> ContextsAsync(IReadOnlyList<ArchivedFile> files, CancellationToken ct)
    {
        const int Most = 128;
        var contexts = new Dictionary<(string, string), ContextProposal>();
        foreach (var file in files)
        {
            var instance = await file.OpenAsync(ct);
            if (instance.SopClassUid.Length == 0) continue; // it cannot be read, and is counted as failed when it is to be sent
            contexts.TryAdd((instance.SopClassUid, instance.TransferSyntax.Uid), new ContextProposal(instance.SopClassUid, [instance.TransferSyntax]));
            if (instance.TransferSyntax.IsEncapsulated) continue;
            foreach (var syntax in ContextProposal.Uncompressed)
                contexts.TryAdd((instance.SopClassUid, syntax.Uid), new ContextProposal(instance.SopClassUid, [syntax]));
        }

        return [.. contexts.Values.Take(Most)];
    }

    /// <summary>For a move of nothing, or of nothing that can be read.</summary>
    private sealed class Nowhere : IStoreDestination
    {
        public static readonly Nowhere Instance = new();

        public ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default)
            => new(DimseStatus.UnableToProcess);
    }
}
