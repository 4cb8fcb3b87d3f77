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

    /// <summary>
    /// Where it runs when a pipeline lists it once for both ways, <c>middleware = [a, b]</c>. In the split form the list that names it
    /// decides.
    /// </summary>
    MiddlewareSides Sides => MiddlewareSides.Both;

    /// <summary>Begins what goes on between requests, such as fetching keys. Called once, when the configuration goes live.</summary>
    void Activate()
    {
    }

    /// <summary>
    /// Ends of that what must not go on beside another configuration. Called once, when one has taken its place; requests that began before
    /// still come through.
    /// </summary>
    void Deactivate()
    {
    }

    /// <summary>What it does as it is configured, a line each, for <c>harmony explain</c>. Nothing secret; empty where its options say it all.</summary>
    IReadOnlyList<string> Words => [];
}
