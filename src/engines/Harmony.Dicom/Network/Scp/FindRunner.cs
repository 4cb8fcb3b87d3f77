using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>C-FIND: PS3.7 §9.1.2.</summary>
internal static class FindRunner
{
    public static async Task<FinalResponse> RunAsync(OperationScope scope, CFindRequest request, IFindHandler handler)
    {
        var identifier = await scope.ReadIdentifierAsync();
        var operation = new QueryOperation<CFindRequest>(request, identifier, scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        await foreach (var match in handler.FindAsync(operation, scope.Stopped).WithCancellation(scope.Stopped))
        {
            scope.Stopped.ThrowIfCancellationRequested();
            var status = match.OptionalKeysIgnored ? DimseStatus.PendingWithWarnings : DimseStatus.Pending;
            await scope.SendAsync(request.Respond(status), match.Identifier);
        }

        scope.Stopped.ThrowIfCancellationRequested();
        return new FinalResponse(request.Respond(DimseResult.Success));
    }
}
