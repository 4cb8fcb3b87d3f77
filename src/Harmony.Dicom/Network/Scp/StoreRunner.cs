using System.Buffers;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>C-STORE: PS3.7 §9.1.1.</summary>
internal static class StoreRunner
{
    private static readonly SearchValues<char> UidCharacters = SearchValues.Create("0123456789.");

    public static async Task<FinalResponse> RunAsync(RequestScope scope, CStoreRequest request, IStoreHandler handler)
    {
        if (scope.Incoming.DataSet is not { } dataSet) throw new DimseException(DimseStatus.UnableToProcess, "there is no data set");
        // UIDs become names of files and keys: nothing else than digits and dots gets any further.
        if (!IsUid(request.SopInstanceUid)) throw new DimseException(DimseStatus.InvalidSopInstance, "the SOP instance UID is none");
        if (!IsUid(request.SopClassUid)) throw new DimseException(DimseStatus.SopClassNotSupported, "the SOP class UID is none");
        var operation = new StoreOperation(request, dataSet, scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        return new FinalResponse(request.Respond(await handler.StoreAsync(operation, scope.Stopped)));
    }

    /// <summary>Components with leading zeros are against the rules, but there are devices that send them.</summary>
    private static bool IsUid(string uid) => uid.Length is > 0 and <= 64 && !uid.AsSpan().ContainsAnyExcept(UidCharacters);
}
