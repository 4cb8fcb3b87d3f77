using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>C-ECHO: PS3.7 §9.1.5.</summary>
internal static class EchoRunner
{
    public static async Task<FinalResponse> RunAsync(OperationScope scope, CEchoRequest request, IEchoHandler handler)
    {
        var operation = new Operation<CEchoRequest>(request, scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        return new FinalResponse(request.Respond(await handler.EchoAsync(operation, scope.Stopped)));
    }
}
