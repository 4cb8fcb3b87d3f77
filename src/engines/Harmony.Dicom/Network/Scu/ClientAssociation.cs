using System.Runtime.CompilerServices;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Sessions;

namespace Harmony.Dicom.Network.Scu;

/// <summary>
/// An association that this side has opened. One operation at a time: a second one waits for the first. All operations throw
/// <see cref="NoPresentationContextException"/>, <see cref="AssociationEndedException"/> and <see cref="AssociationTimeoutException"/>; after the last two the
/// association cannot be used any more.
/// </summary>
public sealed class ClientAssociation : IStoreDestination, IAsyncDisposable
{
    private readonly DimseSession _session;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _isBusy;

    internal ClientAssociation(DimseSession session, AssociationInfo info, Task<AssociationEnd> completion)
    {
        (_session, Info, Completion) = (session, info, completion);
        session.Perform = RefuseAsync;
    }

    /// <summary>What was agreed.</summary>
    public AssociationInfo Info { get; }

    /// <summary>Whether it is still open.</summary>
    public bool IsOpen => _session.IsEstablished;

    /// <summary>Completes when it has ended and the connection is closed, and tells how.</summary>
    public Task<AssociationEnd> Completion { get; }

    /// <summary>Takes what the peer reports by N-EVENT-REPORT, such as the outcome of a storage commitment; null: reports are refused.</summary>
    public INormalizedHandler? Reports { get; set; }

    /// <summary>Whether an operation is going on.</summary>
    internal bool IsBusy => Volatile.Read(ref _isBusy) != 0;

    /// <summary>Whether an operation has found no context that the peer had accepted for it: a new association may have one.</summary>
    internal bool LacksContext { get; private set; }

    /// <summary>C-ECHO.</summary>
    /// <exception cref="DimseException">The answer was not success.</exception>
    public async Task EchoAsync(CancellationToken ct = default)
    {
        var (response, _) = await InvokeAsync(new CEchoRequest(), null, ct);
        if (!response.Status.IsSuccess) throw new DimseException(response.Result);
    }

    /// <summary>C-FIND. Matches are yielded as they come; leaving early sends C-CANCEL and waits for the last response.</summary>
    /// <param name="sopClassUid">The information model, e.g. <see cref="Uid.FINDStudyRootQueryRetrieveInformationModel"/>.</param>
    /// <param name="identifier">The keys, with (0008,0052).</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="ct">Cancels it, with C-CANCEL.</param>
    /// <exception cref="DimseException">The last answer was not success. Matches that came before have been yielded.</exception>
    public async IAsyncEnumerable<DicomDataSet> FindAsync(
        string sopClassUid, DicomDataSet identifier, DimsePriority priority = DimsePriority.Medium, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await using var operation = await BeginAsync(new CFindRequest { SopClassUid = sopClassUid, Priority = priority }, identifier, ct);
        while (true)
        {
            var (response, dataSet) = await operation.NextAsync(ct);
            if (dataSet is not null && response.Status.IsPending) yield return dataSet;
            if (response.Status.IsPending) continue;
            if (response.Status.IsFailure || response.Status.IsCancel) throw new DimseException(response.Result);
            yield break;
        }
    }

    /// <summary>C-MOVE.</summary>
    /// <param name="sopClassUid">The information model, e.g. <see cref="Uid.MOVEStudyRootQueryRetrieveInformationModel"/>.</param>
    /// <param name="identifier">The keys, with (0008,0052).</param>
    /// <param name="destination">AE title of the system that gets the objects; the peer must know its address.</param>
    /// <param name="progress">Is told of every response.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="messageId">
    /// The number of the request, 1 to 65535, or 0 for the next of this association. Peers send it to the destination along with each object
    /// (<see cref="MoveOriginator"/>), so a number that no other move to that destination has tells the objects of several moves apart.
    /// </param>
    /// <param name="ct">Cancels it, with C-CANCEL; then <see cref="OperationCanceledException"/> is thrown.</param>
    /// <returns>How it ended, failures included.</returns>
    public Task<RetrieveResult> MoveAsync(
        string sopClassUid, DicomDataSet identifier, string destination, IProgress<SubOperations>? progress = null,
        DimsePriority priority = DimsePriority.Medium, ushort messageId = 0, CancellationToken ct = default)
        => RetrieveAsync(new CMoveRequest { SopClassUid = sopClassUid, MoveDestination = destination, Priority = priority, MessageId = messageId }, identifier,
            progress, ct);

    /// <summary>
    /// C-GET. The objects come to <paramref name="receiver"/>, one after another, if contexts to receive them were proposed
    /// (<see cref="ContextProposal.ToReceive"/>).
    /// </summary>
    /// <param name="sopClassUid">The information model, e.g. <see cref="Uid.GETStudyRootQueryRetrieveInformationModel"/>.</param>
    /// <param name="identifier">The keys, with (0008,0052).</param>
    /// <param name="receiver">Takes the objects.</param>
    /// <param name="progress">Is told of every response.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="ct">Cancels it, with C-CANCEL; then <see cref="OperationCanceledException"/> is thrown.</param>
    /// <returns>How it ended, failures included.</returns>
    public async Task<RetrieveResult> GetAsync(
        string sopClassUid, DicomDataSet identifier, IStoreHandler receiver, IProgress<SubOperations>? progress = null,
        DimsePriority priority = DimsePriority.Medium, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        var options = new RequestDispatcherOptions(Timeout.InfiniteTimeSpan, _session.Options.MaxIdentifierLength, _session.Options.TimeProvider);
        var dispatcher = new RequestDispatcher(_session, Info, new DimseHandlers { Echo = null, Store = receiver }, options, null);
        var result = await RetrieveAsync(new CGetRequest { SopClassUid = sopClassUid, Priority = priority }, identifier, progress, ct, dispatcher.PerformAsync);
        // A peer fails to send what it has refused to send.
        LacksContext |= result.SubOperations.Failed > 0 && Info.PresentationContexts.Any(c => !c.IsAccepted);
        return result;
    }

    /// <summary>C-STORE, in the best context that was accepted: that of the object's own transfer syntax, else any that it can be sent in.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="originator">Whose C-MOVE it is part of, if it is.</param>
    /// <param name="ct">Ends it. If the object was sent in part already, the association is aborted.</param>
    /// <returns>How it went, failures included.</returns>
    /// <exception cref="NoPresentationContextException">
    /// The peer has accepted no context for the object, or only others than its compressed pixel data can be sent in.
    /// </exception>
    /// <exception cref="ObjectEncodingException">Its pixel data would have to be encoded anew, and cannot be (<see cref="SopInstance.Encodable"/>).</exception>
    /// <exception cref="DicomFormatException">The object cannot be read. If it was sent in part already, the association is aborted.</exception>
    public async ValueTask<DimseResult> StoreAsync(SopInstance instance, MoveOriginator? originator = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await using var turn = await TakeTurnAsync(ct);
        try
        {
            return await StoreSender.StoreAsync(_session, Info, instance, originator, DimsePriority.Medium, ct);
        }
        catch (NoPresentationContextException)
        {
            LacksContext = true;
            throw;
        }
        catch (OperationCanceledException)
        {
            // C-STORE cannot be cancelled: the peer would answer at some time.
            await AbortAsync();
            throw;
        }
    }

    /// <summary>Sends any request and takes its one response: for DIMSE-N.</summary>
    /// <returns>The response, of the request's kind, and its data set if it has one.</returns>
    public async Task<(DimseResponse Response, DicomDataSet? DataSet)> InvokeAsync(DimseRequest request, DicomDataSet? dataSet = null,
        CancellationToken ct = default)
    {
        await using var operation = await BeginAsync(request, dataSet, ct);
        return await operation.NextAsync(ct);
    }

    /// <summary>Ends the association as it should be: A-RELEASE. Does nothing if it has ended.</summary>
    public async Task ReleaseAsync(CancellationToken ct = default)
    {
        await _session.ReleaseAsync();
        await ClosedAsync(ct);
    }

    /// <summary>Ends the association at once: A-ABORT. Does nothing if it has ended.</summary>
    public async Task AbortAsync()
    {
        if (Completion.IsCompleted) return;
        await _session.AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "aborted"));
        await ClosedAsync(CancellationToken.None);
    }

    /// <summary>Releases the association, if nothing is going on, or else aborts it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsOpen && !IsBusy) await ReleaseAsync();
        else await AbortAsync();
        _turn.Dispose();
    }

    /// <summary>Waits until the connection is closed, but not for a peer that has let a time-out pass: it would be waited for twice.</summary>
    private async Task ClosedAsync(CancellationToken ct)
    {
        if ((await _session.End.WaitAsync(ct)).Kind != AssociationEndKind.TimedOut) await Completion.WaitAsync(ct);
    }

    private async Task<RetrieveResult> RetrieveAsync(
        DimseRequest request, DicomDataSet identifier, IProgress<SubOperations>? progress, CancellationToken ct, Func<IncomingRequest, Task>? perform = null)
    {
        await using var operation = await BeginAsync(request, identifier, ct, perform);
        while (true)
        {
            var (response, dataSet) = await operation.NextAsync(ct);
            var counts = response switch { CGetResponse get => get.SubOperations, CMoveResponse move => move.SubOperations, _ => default };
            progress?.Report(counts);
            if (!response.Status.IsPending) return new RetrieveResult(response.Result, counts, dataSet?.GetStrings(DicomTag.FailedSOPInstanceUIDList) ?? []);
        }
    }

    private async ValueTask<ClientOperation> BeginAsync(DimseRequest request, DicomDataSet? dataSet, CancellationToken ct,
        Func<IncomingRequest, Task>? perform = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var context = Info.PresentationContexts.FirstOrDefault(c => c.IsAccepted && c.AbstractSyntax == request.SopClassUid
            && (c.IsScu || request is NEventReportRequest));
        if (context is null)
        {
            LacksContext = true;
            throw new NoPresentationContextException(request.SopClassUid, "");
        }

        var turn = await TakeTurnAsync(ct);
        try
        {
            if (perform is not null) _session.Perform = perform;
            var invocation = await _session.InvokeAsync(context, request,
                dataSet is null ? null : (to, stopped) => DicomWriter.WriteAsync(to, dataSet, context.TransferSyntax, null, stopped), ct);
            return new ClientOperation(invocation, turn, _session);
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers requests that are no part of an operation of this side: reports, and unsolicited requests.</summary>
    private async Task RefuseAsync(IncomingRequest incoming)
    {
        var options = new RequestDispatcherOptions(Timeout.InfiniteTimeSpan, _session.Options.MaxIdentifierLength, _session.Options.TimeProvider);
        await new RequestDispatcher(_session, Info, new DimseHandlers { Echo = null, Normalized = Reports }, options, null).PerformAsync(incoming);
    }

    private async ValueTask<Turn> TakeTurnAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        Volatile.Write(ref _isBusy, 1);
        return new Turn(this);
    }

    /// <summary>The right to have an operation going on.</summary>
    internal sealed class Turn(ClientAssociation association) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            association._session.Perform = association.RefuseAsync;
            Volatile.Write(ref association._isBusy, 0);
            association._turn.Release();
            return default;
        }
    }
}
