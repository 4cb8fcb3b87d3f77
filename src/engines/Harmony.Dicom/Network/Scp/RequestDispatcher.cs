using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Sessions;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Gives each request to its handler, and sees to it that every request gets its response.</summary>
internal sealed class RequestDispatcher(
    DimseSession session, AssociationInfo association, DimseHandlers handlers, RequestDispatcherOptions options, IAssociationObserver? observer)
{
    /// <summary>Takes what is to be done after a response was sent; null where nothing is.</summary>
    public Action<Func<CancellationToken, Task>>? Later { get; init; }

    /// <summary>Performs a request. Does not throw.</summary>
    public async Task PerformAsync(IncomingRequest incoming)
    {
        var started = options.TimeProvider.GetTimestamp();
        using var overdue = new CancellationTokenSource(options.OperationTimeout, options.TimeProvider);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(session.Ended, incoming.CancelRequested, overdue.Token);
        var scope = new OperationScope(session, association, incoming, options, stopped.Token);
        var result = await AnswerAsync(scope, overdue.Token);
        if (result is not null) observer?.Completed(association, incoming.Request, result, options.TimeProvider.GetElapsedTime(started));
    }

    /// <returns>What was answered; null if the association ended before.</returns>
    private async Task<DimseResult?> AnswerAsync(OperationScope scope, CancellationToken overdue)
    {
        try
        {
            var final = await RunAsync(scope);
            await scope.SendAsync(final.Response, final.DataSet);
            if (final.Then is { } then) Later?.Invoke(then);
            return final.Response.Result;
        }
        catch (AssociationEndedException)
        {
            return null;
        }
        catch (Exception e)
        {
            if (session.Ended.IsCancellationRequested) return null;
            return await TryFailAsync(scope, ResultOf(e, scope, overdue));
        }
    }

    private DimseResult ResultOf(Exception e, OperationScope scope, CancellationToken overdue)
    {
        switch (e)
        {
            case DimseException failure:
                return failure.Result;
            case OperationCanceledException when scope.Incoming.CancelRequested.IsCancellationRequested:
                return DimseStatus.Cancel;
            case OperationCanceledException when overdue.IsCancellationRequested:
                return new DimseResult(scope.FailureStatus, "the operation took too long");
            default:
                observer?.HandlerFailed(association, scope.Incoming.Request, e);
                return scope.FailureStatus;
        }
    }

    private static async Task<DimseResult?> TryFailAsync(OperationScope scope, DimseResult result)
    {
        try
        {
            await scope.SendAsync(scope.Incoming.Request.Respond(result), null);
            return result;
        }
        catch (AssociationEndedException)
        {
            return null;
        }
    }

    private Task<FinalResponse> RunAsync(OperationScope scope)
    {
        // An accepted context accepts its SOP class, and no other: PS3.7 §D.3.2. The classes of DIMSE-N may be members of a Meta SOP class.
        if (!IsNormalized(scope.Incoming.Request) && scope.Incoming.Request.SopClassUid != scope.Incoming.Context.AbstractSyntax)
        {
            throw new DimseException(DimseStatus.SopClassNotSupported, "the SOP class is not that of the presentation context");
        }

        var isAllowed = scope.Incoming.Context.IsScp;
        return scope.Incoming.Request switch
        {
            CEchoRequest echo when isAllowed && handlers.Echo is { } handler => EchoRunner.RunAsync(scope, echo, handler),
            CStoreRequest store when isAllowed && handlers.Store is { } handler => StoreRunner.RunAsync(scope, store, handler),
            CFindRequest find when isAllowed && handlers.Find is { } handler => FindRunner.RunAsync(scope, find, handler),
            CGetRequest get when isAllowed && handlers.Get is { } handler => RetrieveRunner.GetAsync(scope, get, handler),
            CMoveRequest move when isAllowed && handlers.Move is { } handler => RetrieveRunner.MoveAsync(scope, move, handler),
            var request when handlers.Normalized is { } handler && IsNormalized(request) => NormalizedRunner.RunAsync(scope, handler),
            _ => throw new DimseException(DimseStatus.UnrecognizedOperation, "the operation is not performed here"),
        };
    }

    private static bool IsNormalized(DimseRequest request) => ((ushort)request.Field & 0x0F00) == 0x0100;
}

/// <summary>C-ECHO: PS3.7 §9.1.5.</summary>
internal static class EchoRunner
{
    public static async Task<FinalResponse> RunAsync(OperationScope scope, CEchoRequest request, IEchoHandler handler)
    {
        var operation = new Operation<CEchoRequest>(request, scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        return new FinalResponse(request.Respond(await handler.EchoAsync(operation, scope.Stopped)));
    }
}

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

/// <summary>DIMSE-N: PS3.7 §10.</summary>
internal static class NormalizedRunner
{
    public static async Task<FinalResponse> RunAsync(OperationScope scope, INormalizedHandler handler)
    {
        var request = scope.Incoming.Request;
        var operation =
            new NormalizedOperation(request, await scope.ReadDataSetAsync(), scope.Association, scope.Incoming.Context, scope.Incoming.CancelRequested);
        var result = await handler.PerformAsync(operation, scope.Stopped);
        var response = request.Respond(result.Result);
        if (response is NCreateResponse create && result.SopInstanceUid is { } uid) response = create with { SopInstanceUid = uid };
        var final = new FinalResponse(response, result.DataSet);
        return result.Then is not { } then ? final : final with { Then = ct => then(new EventReporter(scope.Session, scope.Incoming.Context), ct) };
    }
}

/// <summary>The last response to a request.</summary>
internal sealed record FinalResponse(DimseResponse Response, DicomDataSet? DataSet = null)
{
    /// <summary>What is done when it has been sent; null for nothing.</summary>
    public Func<CancellationToken, Task>? Then { get; init; }
}
