using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>DIMSE-N: PS3.7 §10.</summary>
internal static class NormalizedRunner
{
    public static async Task<FinalResponse> RunAsync(OperationScope scope, INormalizedHandler handler)
    {
        var request = scope.Incoming.Request;
        var operation = new NormalizedOperation(request, await scope.ReadDataSetAsync(), scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        var result = await handler.PerformAsync(operation, scope.Stopped);
        var response = request.Respond(result.Result);
        if (response is NCreateResponse create && result.SopInstanceUid is { } uid) response = create with { SopInstanceUid = uid };
        return new FinalResponse(response, result.DataSet);
    }
}
