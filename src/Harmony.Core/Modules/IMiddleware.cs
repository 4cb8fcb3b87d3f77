namespace Harmony.Core.Modules;

/// <summary>
/// A step of a pipeline. Implement <see cref="IRequestMiddleware"/>, <see cref="IResponseMiddleware"/>, or both. One instance serves
/// every request of a configuration, at the same time, so it keeps no state of a request in itself.
/// </summary>
/// <remarks>An instance that owns something implements <see cref="IAsyncDisposable"/> too; it is disposed when its configuration has drained.</remarks>
public interface IMiddleware
{
    /// <summary>What it does with request bodies.</summary>
    BodyUse RequestBody => BodyUse.Ignores;

    /// <summary>What it does with response bodies.</summary>
    BodyUse ResponseBody => BodyUse.Ignores;
}
