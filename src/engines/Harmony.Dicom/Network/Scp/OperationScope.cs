using System.IO.Pipelines;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Sessions;
using Harmony.Dicom.Query;

namespace Harmony.Dicom.Network.Scp;

/// <summary>A request that is being performed.</summary>
/// <param name="session">Where it came from.</param>
/// <param name="association">The same, for handlers.</param>
/// <param name="incoming">The request.</param>
/// <param name="options">Limits.</param>
/// <param name="stopped">Trips when the operation is to end.</param>
internal sealed class OperationScope(
    DimseSession session, AssociationInfo association, IncomingRequest incoming, RequestDispatcherOptions options, CancellationToken stopped)
{
    public DimseSession Session => session;

    public AssociationInfo Association => association;

    public IncomingRequest Incoming => incoming;

    public CancellationToken Stopped => stopped;

    /// <summary>Whether objects have to be what their command says.</summary>
    public bool ChecksObjects => options.ChecksObjects;

    /// <summary>The status of failures that have no better one.</summary>
    public DimseStatus FailureStatus
        => incoming.Request is CStoreRequest or CFindRequest or CGetRequest or CMoveRequest ? DimseStatus.UnableToProcess : DimseStatus.ProcessingFailure;

    /// <summary>Reads the data set into memory.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="DimseException">It cannot be read, or is too long.</exception>
    public async ValueTask<DicomDataSet?> ReadDataSetAsync() => incoming.DataSet is null ? null : (await ReadAsync(incoming.DataSet)).DataSet;

    private async ValueTask<DicomReadResult> ReadAsync(PipeReader pipe)
    {
        try
        {
            var most = options.MaxIdentifierLength;
            var limits = DicomReadOptions.Default with { MaxTotalLength = most, MaxInflatedLength = most, MaxMemory = most, MaxValueLength = most };
            return await DicomReader.ReadAsync(pipe, incoming.Context.TransferSyntax, limits, stopped);
        }
        catch (DicomLimitException e)
        {
            throw new DimseException(DimseStatus.OutOfResources, "the data set is too large", e);
        }
        catch (DicomFormatException e)
        {
            throw new DimseException(FailureStatus, "the data set cannot be read", e);
        }
    }

    /// <summary>Reads the identifier of a query. One that was cut off has lost a key, and would match more than was asked for.</summary>
    /// <exception cref="DimseException">
    /// There is none, it cannot be read to its end, or does not say its level where it has one: PS3.4 §C.4.1.1.3.1.
    /// </exception>
    public async ValueTask<DicomDataSet> ReadIdentifierAsync()
    {
        if (incoming.DataSet is null) throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass, "there is no identifier");
        var read = await ReadAsync(incoming.DataSet);
        if (read.Warnings.Any(w => w.Kind == DicomWarningKind.TrailingBytes))
            throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass, "the identifier is cut off");
        if (SopClasses.IsQueryRetrieve(incoming.Request.SopClassUid)
            && !QueryLevels.TryParse(read.DataSet.GetString(DicomTag.QueryRetrieveLevel)?.Trim(), out _))
        {
            throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass, "the identifier does not say its level, (0008,0052)");
        }

        return read.DataSet;
    }

    /// <summary>Sends a response.</summary>
    public ValueTask SendAsync(DimseResponse response, DicomDataSet? dataSet)
        => session.SendAsync(incoming.Context, response, dataSet is null
            ? null
            : (to, ct) => DicomWriter.WriteAsync(to, dataSet, incoming.Context.TransferSyntax, null, ct), CancellationToken.None);
}
