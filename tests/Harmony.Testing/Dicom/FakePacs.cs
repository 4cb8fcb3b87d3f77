using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;

namespace Harmony.Testing.Dicom;

/// <summary>A PACS in this process, on the loopback interface, that does what a test tells it to and counts what happens.</summary>
public sealed class FakePacs : IAssociationObserver, IEchoHandler, IStoreHandler, IFindHandler, IGetHandler, IMoveHandler, IAsyncDisposable
{
    private readonly DicomServer _server;
    private readonly DicomClient _client = new();
    private readonly TaskCompletionSource<long> _cancelCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _accepted;
    private int _open;
    private int _mostOpen;
    private int _cancelled;
    private int _gets;
    private int _getsCancelled;
    private int _moving;
    private int _mostMoving;

    private FakePacs(FakePacsSettings settings)
    {
        Settings = settings;
        var policy = new NegotiationPolicy { CalledAeTitles = new HashSet<string>(StringComparer.Ordinal) { settings.AeTitle } };
        var handlers = new DimseHandlers { Echo = this, Store = this, Find = this, Get = settings.Gets ? this : null, Move = this };
        var acceptor = new DicomAcceptor(new AcceptorOptions { Policy = policy, Authorize = AuthorizeAsync }, handlers, this);
        _server = FreePort.Listen(() => DicomServer.Start(
            new DicomServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, settings.Port), Tls = settings.Tls }, acceptor));
    }

    public FakePacsSettings Settings { get; }

    public int Port => _server.EndPoint.Port;

    /// <summary>What it has, and has been sent.</summary>
    public ObjectIndex<DicomDataSet> Objects { get; } = new();

    /// <summary>Associations that were ever accepted.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Associations that are open now, and the most that ever were at once.</summary>
    public (int Now, int Most) Open => (Volatile.Read(ref _open), Volatile.Read(ref _mostOpen));

    /// <summary>Operations that were cancelled.</summary>
    public int Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Retrievals that were asked for by C-GET, those of nothing too.</summary>
    public int Gets => Volatile.Read(ref _gets);

    /// <summary>Retrievals by C-GET that were cancelled, or lost their association.</summary>
    public int GetsCancelled => Volatile.Read(ref _getsCancelled);

    /// <summary>When the first C-CANCEL came, of C-FIND or C-GET: a time stamp of <see cref="Stopwatch"/>.</summary>
    public Task<long> CancelCame => _cancelCame.Task;

    /// <summary>Moves that are under way, and the most that ever were at once.</summary>
    public (int Now, int Most) Moving => (Volatile.Read(ref _moving), Volatile.Read(ref _mostMoving));

    /// <summary>The identifiers of queries and retrievals, in their order.</summary>
    public List<DicomDataSet> Identifiers { get; } = [];

    /// <summary>The information models of queries, in their order.</summary>
    public List<string> Models { get; } = [];

    public static FakePacs Start(FakePacsSettings? settings = null) => new(settings ?? new FakePacsSettings());

    /// <summary>The same with a study <c>1.2</c> of patient <c>PAT1</c>: series <c>1.2.1</c> and <c>1.2.2</c> with two images each.</summary>
    public static FakePacs WithStudy(FakePacsSettings? settings = null)
    {
        var pacs = Start(settings);
        for (var i = 0; i < 4; i++) pacs.Add("PAT1", "1.2", $"1.2.{1 + (i / 2)}", $"1.2.{1 + (i / 2)}.{1 + (i % 2)}");
        return pacs;
    }

    public void Add(string patient, string study, string series, string instance)
    {
        var made = new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, instance)
            .Set(DicomTag.PatientID, patient)
            .Set(DicomTag.PatientName, "Müller^Jörg").Set(DicomTag.StudyInstanceUID, study).Set(DicomTag.SeriesInstanceUID, series).Set(DicomTag.Modality, "CT")
            .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.Rows, 32).Set(DicomTag.Columns, 32)
            .Set(DicomTag.BitsAllocated, 16)
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[2048])).Build();
        Objects.Add(made, made);
    }

    void IAssociationObserver.Accepted(AssociationInfo association) => Interlocked.Increment(ref _accepted);

    void IAssociationObserver.Ended(AssociationInfo? association, EndPoint? remote, AssociationEnd end)
    {
        if (association is not null) Interlocked.Decrement(ref _open);
    }

    async ValueTask<DimseResult> IEchoHandler.EchoAsync(Operation<CEchoRequest> operation, CancellationToken ct)
    {
        await BeforeAsync(ct);
        return Settings.Answers;
    }

    async ValueTask<DimseResult> IStoreHandler.StoreAsync(StoreOperation operation, CancellationToken ct)
    {
        if (Settings.Answers.Status.IsFailure) return Settings.Answers;
        var read = await Harmony.Dicom.Coding.DicomReader.ReadAsync(operation.DataSet.AsStream(leaveOpen: true), operation.TransferSyntax, ct: ct);
        Objects.Add(read.DataSet, read.DataSet);
        return DimseResult.Success;
    }

    async IAsyncEnumerable<FindMatch> IFindHandler.FindAsync(QueryOperation<CFindRequest> operation, [EnumeratorCancellation] CancellationToken ct)
    {
        lock (Identifiers)
        {
            Identifiers.Add(operation.Identifier);
            Models.Add(operation.Request.SopClassUid);
        }

        if (operation.Request.SopClassUid == Uid.FINDModalityWorklistInformationModel) yield break; // nothing is scheduled here
        using var cancelled = operation.CancelRequested.Register(() =>
        {
            Interlocked.Increment(ref _cancelled);
            _cancelCame.TrySetResult(Stopwatch.GetTimestamp());
        });
        await BeforeAsync(ct);
        if (Settings.Answers.Status.IsFailure) throw new DimseException(Settings.Answers);
        var level = LevelOf(operation.Identifier);
        do
        {
            foreach (var match in Objects.Find(level, operation.Identifier))
            {
                ct.ThrowIfCancellationRequested();
                yield return new FindMatch(Settings.Says?.Invoke(level, match) ?? match);
            }
        }
        while (Settings.FindsForEver);
        if (Settings.FailsAfterMatches) throw new DimseException(DimseStatus.UnableToProcess, "Müller is not to be read");
    }

    async ValueTask<Retrieval> IGetHandler.GetAsync(QueryOperation<CGetRequest> operation, CancellationToken ct)
    {
        lock (Identifiers) Identifiers.Add(operation.Identifier);
        Interlocked.Increment(ref _gets);
        ct.Register(() => Interlocked.Increment(ref _getsCancelled));
        operation.CancelRequested.Register(() => _cancelCame.TrySetResult(Stopwatch.GetTimestamp()));
        await BeforeAsync(ct);
        if (Settings.GetFails is { } status) throw new DimseException(status);
        var found = Objects.Select(LevelOf(operation.Identifier), operation.Identifier);
        return new Retrieval { Count = found.Count, Instances = Instances(found, ct) };
    }

    async ValueTask<MoveRetrieval> IMoveHandler.MoveAsync(QueryOperation<CMoveRequest> operation, CancellationToken ct)
    {
        lock (Identifiers) Identifiers.Add(operation.Identifier);
        await BeforeAsync(ct);
        if (Settings.Destination is not { } to) throw new DimseException(DimseStatus.MoveDestinationUnknown);
        var found = Objects.Select(LevelOf(operation.Identifier), operation.Identifier);
        Raise(ref _mostMoving, Interlocked.Increment(ref _moving));
        if (Settings.MoveGate is { } gate) await gate().WaitAsync(ct);
        var association = await _client.ConnectAsync(to, [ContextProposal.For(Uid.CTImageStorage)], ct);
        return new MoveRetrieval
        {
            Count = found.Count,
            Instances = Instances(found, CancellationToken.None),
            Destination = Settings.TellsOriginator ? association : new Silent(association),
            OnDispose = async () =>
            {
                Interlocked.Decrement(ref _moving);
                await association.DisposeAsync();
            },
        };
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static QueryLevel LevelOf(DicomDataSet identifier)
        => QueryLevels.TryParse(identifier.GetString(DicomTag.QueryRetrieveLevel), out var level)
            ? level : throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass);

    private async IAsyncEnumerable<SopInstance> Instances(IReadOnlyList<IndexedObject<DicomDataSet>> found, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var i = 0; i < found.Count; i++)
        {
            await Task.Yield();
            if (Settings.ObjectGate is { } gate) await gate(i).WaitAsync(ct);
            // There is no context for a kind of object that nobody knows.
            var item = Settings.FailsObject == i ? found[i].Item.ToBuilder().Set(DicomTag.SOPClassUID, "1.2.3.4").Build() : found[i].Item;
            yield return Settings.Sends is { } sends ? await sends(item) : SopInstance.Of(item, TransferSyntax.ExplicitVRLittleEndian);
        }
    }

    private async ValueTask<AssociationRejection?> AuthorizeAsync(AssociationInfo association, CancellationToken ct)
    {
        if (Settings.Door is { } door) await door().WaitAsync(ct);
        return Settings.Rejects?.Invoke(association) ?? LetIn();
    }

    private AssociationRejection? LetIn()
    {
        var now = Interlocked.Increment(ref _open);
        if (now > Settings.MaxAssociations)
        {
            Interlocked.Decrement(ref _open);
            return AssociationRejection.LocalLimitExceeded;
        }

        Raise(ref _mostOpen, now);
        return null;
    }

    private static void Raise(ref int most, int now)
    {
        int before;
        while ((before = Volatile.Read(ref most)) < now) Interlocked.CompareExchange(ref most, now, before);
    }

    private async ValueTask BeforeAsync(CancellationToken ct)
    {
        if (Settings.Gate is { } gate) await gate.WaitAsync(ct);
    }

    /// <summary>Sends objects without telling whose move they belong to.</summary>
    private sealed class Silent(IStoreDestination destination) : IStoreDestination
    {
        public ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default)
            => destination.StoreAsync(instance, null, ct);
    }
}
