using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>C-STORE: PS3.7 §9.1.1.</summary>
internal static class StoreRunner
{
    public static async Task<FinalResponse> RunAsync(OperationScope scope, CStoreRequest request, IStoreHandler handler)
    {
        if (scope.Incoming.DataSet is not { } dataSet) throw new DimseException(DimseStatus.UnableToProcess, "there is no data set");
        // UIDs become names of files and keys: nothing else than digits and dots gets any further.
        if (!Uid.IsTolerable(request.SopInstanceUid)) throw new DimseException(DimseStatus.InvalidSopInstance, "the SOP instance UID is none");
        if (!Uid.IsTolerable(request.SopClassUid)) throw new DimseException(DimseStatus.SopClassNotSupported, "the SOP class UID is none");
        if (scope.ChecksObjects) await StoredIdentity.CheckAsync(request, dataSet, scope.Incoming.Context.TransferSyntax, scope.Stopped);
        var operation = new StoreOperation(request, dataSet, scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        return new FinalResponse(request.Respond(await handler.StoreAsync(operation, scope.Stopped)));
    }
}
