using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Sessions;

namespace Harmony.Dicom.Network.Scp;

/// <summary>A request that is being performed.</summary>
/// <param name="session">Where it came from.</param>
/// <param name="association">The same, for handlers.</param>
/// <param name="incoming">The request.</param>
/// <param name="maxIdentifierLength">The longest data set that is read into memory.</param>
/// <param name="stopped">Trips when the operation is to end.</param>
internal sealed class RequestScope(DimseSession session, AssociationInfo association, IncomingRequest incoming, int maxIdentifierLength, CancellationToken stopped)
{
    public DimseSession Session => session;

    public AssociationInfo Association => association;

    public IncomingRequest Incoming => incoming;

    public CancellationToken Stopped => stopped;

    /// <summary>What failures are answered with that nobody has a better status for.</summary>
    public DimseStatus FailureStatus => incoming.Request is CStoreRequest or CFindRequest or CGetRequest or CMoveRequest ? DimseStatus.UnableToProcess : DimseStatus.ProcessingFailure;

    /// <summary>Reads the data set into memory.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="DimseException">It cannot be read, or is too long.</exception>
    public async ValueTask<DicomDataSet?> ReadDataSetAsync()
    {
        if (incoming.DataSet is not { } pipe) return null;
        try
        {
            var options = DicomReadOptions.Default with { MaxTotalLength = maxIdentifierLength, MaxInflatedLength = maxIdentifierLength, MaxMemory = maxIdentifierLength, MaxValueLength = maxIdentifierLength };
            return (await DicomReader.ReadAsync(pipe, incoming.Context.TransferSyntax, options, stopped)).DataSet;
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

    /// <summary>Reads the identifier of a query.</summary>
    /// <exception cref="DimseException">There is none, or it cannot be read.</exception>
    public async ValueTask<DicomDataSet> ReadIdentifierAsync() => await ReadDataSetAsync() ?? throw new DimseException(DimseStatus.DataSetDoesNotMatchSopClass, "there is no identifier");

    /// <summary>Sends a response.</summary>
    public ValueTask SendAsync(DimseResponse response, DicomDataSet? dataSet)
        => session.SendAsync(incoming.Context, response, dataSet is null ? null : (to, ct) => DicomWriter.WriteAsync(to, dataSet, incoming.Context.TransferSyntax, null, ct), CancellationToken.None);
}
