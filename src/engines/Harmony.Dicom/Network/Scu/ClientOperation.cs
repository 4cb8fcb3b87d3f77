using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Sessions;

namespace Harmony.Dicom.Network.Scu;

/// <summary>An operation that has been asked for. Left before its last response, it is cancelled, so that the association can be used for others.</summary>
internal sealed class ClientOperation(Invocation invocation, ClientAssociation.Turn turn, DimseSession session) : IAsyncDisposable
{
    /// <summary>Waits for the next response, and reads its data set.</summary>
    public async ValueTask<(DimseResponse Response, DicomDataSet? DataSet)> NextAsync(CancellationToken ct)
    {
        var incoming = await invocation.NextAsync(ct);
        if (incoming.DataSet is not { } bytes) return (incoming.Response, null);
        try
        {
            return (incoming.Response, DicomReader.Read(bytes, invocation.Context.TransferSyntax).DataSet);
        }
        catch (DicomFormatException e)
        {
            throw new DimseException(new DimseResult(DimseStatus.UnableToProcess, "the peer's data set cannot be read"), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!invocation.IsFinished && session.IsEstablished) await FinishAsync();
        }
        finally
        {
            invocation.Dispose();
            await turn.DisposeAsync();
        }
    }

    private async ValueTask FinishAsync()
    {
        try
        {
            await invocation.CancelAsync();
            while (!invocation.IsFinished) await invocation.NextAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is AssociationEndedException or AssociationTimeoutException)
        {
            // The next user of the association will see it.
        }
    }
}
