using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>The handlers of operations. They serve all associations, at the same time. An operation without a handler is answered with 0211.</summary>
public sealed record DimseHandlers
{
    /// <summary>C-ECHO. Default: answers success.</summary>
    public IEchoHandler? Echo { get; init; } = new AcceptingEchoHandler();

    /// <summary>C-STORE.</summary>
    public IStoreHandler? Store { get; init; }

    /// <summary>C-FIND.</summary>
    public IFindHandler? Find { get; init; }

    /// <summary>C-GET.</summary>
    public IGetHandler? Get { get; init; }

    /// <summary>C-MOVE.</summary>
    public IMoveHandler? Move { get; init; }

    /// <summary>DIMSE-N.</summary>
    public INormalizedHandler? Normalized { get; init; }
}

/// <summary>Performs C-ECHO.</summary>
public interface IEchoHandler
{
    /// <summary>Answers.</summary>
    /// <exception cref="DimseException">Becomes the response.</exception>
    ValueTask<DimseResult> EchoAsync(Operation<CEchoRequest> operation, CancellationToken ct);
}

/// <summary>Says that it is there.</summary>
internal sealed class AcceptingEchoHandler : IEchoHandler
{
    public ValueTask<DimseResult> EchoAsync(Operation<CEchoRequest> operation, CancellationToken ct) => new(DimseResult.Success);
}

/// <summary>Performs C-FIND.</summary>
public interface IFindHandler
{
    /// <summary>Finds matches; each is sent (FF00, FF01) before the next is asked for. After the last, success is answered.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips at C-CANCEL, which is then answered with FE00, and when the association ends.</param>
    /// <exception cref="DimseException">Becomes the last response; any other exception is C000.</exception>
    IAsyncEnumerable<FindMatch> FindAsync(QueryOperation<CFindRequest> operation, CancellationToken ct);
}

/// <summary>Performs C-STORE.</summary>
public interface IStoreHandler
{
    /// <summary>Takes an object. Success is answered when this returns it, so the object should be safe by then.</summary>
    /// <param name="operation">The request, with the object's bytes as they come.</param>
    /// <param name="ct">Trips when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response; any other exception is C000.</exception>
    ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct);
}

/// <summary>Performs C-GET.</summary>
public interface IGetHandler
{
    /// <summary>Finds the objects. They are sent by C-STORE on the same association, in the presentation contexts in which the peer provides storage.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips at C-CANCEL, which is then answered with FE00, and when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response, before anything was sent; any other exception is C000.</exception>
    ValueTask<Retrieval> GetAsync(QueryOperation<CGetRequest> operation, CancellationToken ct);
}

/// <summary>Performs C-MOVE.</summary>
public interface IMoveHandler
{
    /// <summary>Finds the objects and the way to the destination; throws with <see cref="DimseStatus.MoveDestinationUnknown"/> if there is none.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips at C-CANCEL, which is then answered with FE00, and when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response, before anything was sent; any other exception is C000.</exception>
    ValueTask<MoveRetrieval> MoveAsync(QueryOperation<CMoveRequest> operation, CancellationToken ct);
}

/// <summary>Performs DIMSE-N operations, e.g. the N-ACTION and N-EVENT-REPORT of storage commitment.</summary>
public interface INormalizedHandler
{
    /// <summary>Performs an operation; which one is told by the type of the request.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="ct">Trips when the association ends.</param>
    /// <exception cref="DimseException">Becomes the response; any other exception is 0110.</exception>
    ValueTask<NormalizedResult> PerformAsync(NormalizedOperation operation, CancellationToken ct);
}
