using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Dicom.Tests.Network;

/// <summary>A small archive in memory: stores, finds by patient and study, gives back and moves.</summary>
internal sealed class TestArchive : IStoreHandler, IFindHandler, IGetHandler, IMoveHandler, IAssociationObserver
{
    private readonly Channel<AssociationEnd> _ends = Channel.CreateUnbounded<AssociationEnd>();

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    public ConcurrentQueue<AssociationRejection> Rejections { get; } = new();

    public ConcurrentQueue<AssociationInfo> Associations { get; } = new();

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public ConcurrentQueue<CStoreRequest> Stored { get; } = new();

    /// <summary>Makes the way to a destination of C-MOVE.</summary>
    public Func<string, IReadOnlyList<SopInstance>, CancellationToken, Task<IStoreDestination>>? Destinations { get; set; }

    /// <summary>Called between two matches and two objects.</summary>
    public Func<CancellationToken, Task> Pause { get; set; } = _ => Task.CompletedTask;

    /// <summary>Opens an object to be sent, by its UID.</summary>
    public Func<string, Stream>? Instances { get; set; }

    public DimseHandlers Handlers => new() { Store = this, Find = this, Get = this, Move = this };

    public void Add(DicomDataSet dataSet, TransferSyntax syntax)
    {
        using var stream = new MemoryStream();
        DicomFile.Create(dataSet, syntax).WriteAsync(stream).AsTask().GetAwaiter().GetResult();
        Objects[dataSet.GetString(DicomTag.SOPInstanceUID)!] = stream.ToArray();
    }

    public DicomDataSet Read(string uid) => DicomFile.Read(Objects[uid]).DataSet;

    public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        await operation.WritePart10Async(stream, ct);
        Stored.Enqueue(operation.Request);
        Objects[operation.Request.SopInstanceUid] = stream.ToArray();
        return DimseResult.Success;
    }

    public async IAsyncEnumerable<FindMatch> FindAsync(QueryOperation<CFindRequest> operation, [EnumeratorCancellation] CancellationToken ct)
    {
        if (operation.Identifier.GetString(DicomTag.PatientID) == "FAIL") throw new DimseException(DimseStatus.OutOfResources, "no disk");
        if (operation.Identifier.GetString(DicomTag.PatientID) == "BUG") throw new InvalidDataException("a bug");
        foreach (var found in Matching(operation.Identifier))
        {
            await Pause(ct);
            var builder = new DicomDataSetBuilder();
            foreach (var key in operation.Identifier)
            {
                if (key.Tag == DicomTag.QueryRetrieveLevel) builder.Set(key);
                else if (found.TryGet(key.Tag, out var value)) builder.Set(value);
            }

            yield return new FindMatch(builder.Build());
        }
    }

    public ValueTask<Retrieval> GetAsync(QueryOperation<CGetRequest> operation, CancellationToken ct)
    {
        var instances = InstancesOf(operation.Identifier);
        return new(new Retrieval { Count = instances.Count, Instances = Paused(instances, ct) });
    }

    public async ValueTask<MoveRetrieval> MoveAsync(QueryOperation<CMoveRequest> operation, CancellationToken ct)
    {
        if (Destinations is null) throw new DimseException(DimseStatus.MoveDestinationUnknown);
        var instances = InstancesOf(operation.Identifier);
        var destination = await Destinations(operation.Request.MoveDestination, instances, ct);
        return new MoveRetrieval
        {
            Count = instances.Count,
            Instances = Paused(instances, ct),
            Destination = destination,
            OnDispose = () => destination is IAsyncDisposable disposable ? disposable.DisposeAsync() : default,
        };
    }

    public void Accepted(AssociationInfo association) => Associations.Enqueue(association);

    public void Rejected(string callingAeTitle, string calledAeTitle, System.Net.EndPoint? remote, AssociationRejection rejection)
        => Rejections.Enqueue(rejection);

    public void Ended(AssociationInfo? association, System.Net.EndPoint? remote, AssociationEnd end) => _ends.Writer.TryWrite(end);

    /// <summary>Forgets the associations it was told of.</summary>
    public void Forget() => Associations.Clear();

    /// <summary>Waits for the next end, which has to be of this kind.</summary>
    public async Task<AssociationEnd> EndedAsync(AssociationEndKind kind, CancellationToken? limit = null)
    {
        var end = await _ends.Reader.ReadAsync(limit ?? Testing.Guard.Token);
        Assert.True(kind == end.Kind, $"{end.Kind}: {end} {end.Cause}");
        return end;
    }

    public void HandlerFailed(AssociationInfo association, DimseRequest request, Exception exception) => Failures.Enqueue(exception);

    private List<DicomDataSet> Matching(DicomDataSet identifier)
    {
        return [.. Objects.Keys.Order(StringComparer.Ordinal).Select(Read).Where(d => Fits(d, DicomTag.PatientID) && Fits(d, DicomTag.StudyInstanceUID))];

        bool Fits(DicomDataSet found, DicomTag tag) => identifier.GetString(tag) is not { } wanted || wanted == "*" || wanted == found.GetString(tag);
    }

    private List<SopInstance> InstancesOf(DicomDataSet identifier) => [.. Matching(identifier).Select(d => Open(d.GetString(DicomTag.SOPInstanceUID)!))];

    private SopInstance Open(string uid)
    {
        try
        {
            return SopInstance.ReadAsync(Instances is { } open ? open(uid) : new MemoryStream(Objects[uid])).AsTask().GetAwaiter().GetResult();
        }
        catch (IOException e)
        {
            return SopInstance.Unreadable(uid, e);
        }
    }

    private async IAsyncEnumerable<SopInstance> Paused(List<SopInstance> instances, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var instance in instances)
        {
            await Pause(ct);
            yield return instance;
        }
    }
}
