using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Services.DicomScu.Operations;
using Harmony.Imaging.Services.DicomScu.Retrieved;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>
/// The moves that are under way. Accepts the objects that belong to one of them, by AE title and by the request; other senders cannot store objects here.
/// Which of several moves an object is for, the number of the move's request tells, which comes with it.
/// </summary>
/// <param name="address">Where they come in, for the log.</param>
/// <param name="logger">Takes a line for each object that belongs to none.</param>
internal sealed class ExpectedMoves(string address, ILogger logger) : IStoreHandler
{
    private const int MaxHeader = 1024 * 1024;

    /// <summary>Patient, study, series and instance stand before it.</summary>
    private static readonly DicomReadOptions Identification = new()
    {
        StopBefore = new DicomTag(0x0020, 0x0010), MaxMemory = MaxHeader, MaxValueLength = MaxHeader, MaxInflatedLength = MaxHeader,
    };

    private readonly Lock _lock = new();
    private readonly List<ExpectedMove> _moves = [];
    private readonly HashSet<string> _tellers = new(StringComparer.Ordinal);
    private TaskCompletionSource _learnt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Objects of a move before a restart do not find their number again at once.
    private ushort _lastMessageId = (ushort)Random.Shared.Next(ushort.MaxValue);

    /// <summary>
    /// Begins a move. Where a system is not known to send the number of the move along with its objects (PS3.7 §9.1.1.1.8: it may leave it out),
    /// it waits for moves that it could be confused with.
    /// </summary>
    public async ValueTask AddAsync(ExpectedMove move, CancellationToken ct)
    {
        while (true)
        {
            Task isOver, isLearnt;
            lock (_lock)
            {
                var before = _tellers.Contains(move.Source) ? null : _moves.Find(m => !_tellers.Contains(m.Source) && m.IsInTheWayOf(move));
                if (before is null)
                {
                    move.MessageId = NextMessageId();
                    _moves.Add(move);
                    return;
                }

                (isOver, isLearnt) = (before.IsOver, _learnt.Task);
            }

            await Task.WhenAny(isOver, isLearnt).WaitAsync(ct);
        }
    }

    public void Remove(ExpectedMove move)
    {
        lock (_lock) _moves.Remove(move);
        move.End();
    }

    /// <inheritdoc/>
    public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
    {
        var called = operation.Association.CalledAeTitle;
        var candidates = Of(called);
        var originator = operation.Request.MoveOriginator;
        if (originator is not null && originator.AeTitle != called) return Refuse(operation, "another system requested the C-MOVE");
        if (candidates.Count == 0) return Refuse(operation, "nothing is being moved to this title");
        var dataSet = new ReplayStream(operation.DataSet.AsStream(leaveOpen: true), MaxHeader);
        DicomDataSet header;
        try
        {
            header = (await DicomReader.ReadAsync(dataSet, operation.TransferSyntax, Identification, ct)).DataSet;
        }
        catch (DicomFormatException)
        {
            return new DimseResult(DimseStatus.UnableToProcess, "the data set cannot be read");
        }

        dataSet.Rewind();
        candidates.RemoveAll(m => !m.Plan.Includes(header));
        if (candidates.Count == 0) return Refuse(operation, "it belongs to no move that is under way");
        return Choose(candidates, originator?.MessageId) is { } move
            ? await move.Folder.SaveAsync(operation, dataSet, ct)
            : Refuse(operation, "it does not say which of several C-MOVE requests it belongs to");
    }

    private ExpectedMove? Choose(List<ExpectedMove> candidates, ushort? messageId)
    {
        lock (_lock)
        {
            if (candidates.Find(m => m.MessageId == messageId) is { } told)
            {
                if (_tellers.Add(told.Source)) Learn();
                return told;
            }

            // The sender does not belong to a source that sends its move id. If all sources do, one has stopped doing so, or the object came after its move.
            var silent = candidates.FindAll(m => !_tellers.Contains(m.Source));
            if (silent.Count > 0) return silent.Count == 1 ? silent[0] : null;
            if (messageId is null) candidates.ForEach(m => _tellers.Remove(m.Source));
            return candidates.Count == 1 ? candidates[0] : null;
        }
    }

    private void Learn()
    {
        _learnt.TrySetResult();
        _learnt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private ushort NextMessageId()
    {
        do
        {
            _lastMessageId++;
        }
        while (_lastMessageId == 0 || _moves.Exists(m => m.MessageId == _lastMessageId));
        return _lastMessageId;
    }

    private List<ExpectedMove> Of(string title)
    {
        lock (_lock) return _moves.FindAll(m => m.LocalAeTitle == title);
    }

    private DimseResult Refuse(StoreOperation operation, string reason)
    {
        DicomScuLog.Unexpected(logger, operation.Association.CallingAeTitle, address, reason);
        return new DimseResult(DimseStatus.NotAuthorized, reason);
    }
}

/// <summary>A move that is under way, and where its objects go.</summary>
/// <param name="Source">The system that sends the objects.</param>
/// <param name="LocalAeTitle">The title they are sent to.</param>
/// <param name="Plan">What was asked for.</param>
/// <param name="Folder">Where they go.</param>
internal sealed record ExpectedMove(string Source, string LocalAeTitle, RetrievalPlan Plan, RetrievalFolder Folder)
{
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of its request, which no other move that is under way on this port has. Objects are sent with it: (0000,1031).</summary>
    public ushort MessageId { get; set; }

    /// <summary>Completes when the C-MOVE has ended.</summary>
    public Task IsOver => _isOver.Task;

    /// <summary>Whether an object could be taken for one of the other's, if it did not tell.</summary>
    public bool IsInTheWayOf(ExpectedMove other) => LocalAeTitle == other.LocalAeTitle && Plan.MayOverlap(other.Plan);

    public void End() => _isOver.TrySetResult();
}
