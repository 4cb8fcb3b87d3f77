using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Modules.Dicom;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Services.DicomScu.Receiving;

/// <summary>
/// The moves that are under way. Takes the objects that belong to one of them, by title and by what was asked for; nobody else can leave objects here.
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

    /// <summary>
    /// Begins a move, after those that are in its way: an object does not tell which of two moves of the same study it is sent for.
    /// </summary>
    public async ValueTask AddAsync(ExpectedMove move, CancellationToken ct)
    {
        while (true)
        {
            ExpectedMove? before;
            lock (_lock)
            {
                before = _moves.FirstOrDefault(m => m.IsInTheWayOf(move));
                if (before is null)
                {
                    _moves.Add(move);
                    return;
                }
            }

            await before.IsOver.WaitAsync(ct);
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
        if (operation.Request.MoveOriginator is { } originator && originator.AeTitle != called) return Refuse(operation, "somebody else has asked for it");
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
        var move = candidates.FirstOrDefault(m => m.Plan.Includes(header));
        return move is null ? Refuse(operation, "it belongs to no move that is under way") : await move.Folder.SaveAsync(operation, dataSet, ct);
    }

    private List<ExpectedMove> Of(string title)
    {
        lock (_lock) return [.. _moves.Where(m => m.LocalAeTitle == title)];
    }

    private DimseResult Refuse(StoreOperation operation, string reason)
    {
        DicomScuLog.Unexpected(logger, operation.Association.CallingAeTitle, address, reason);
        return new DimseResult(DimseStatus.NotAuthorized, reason);
    }
}
