using Harmony.Jmix.Packaging;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>One package store with what is done to it: an endpoint that names a <c>store_dir</c> has another than its <c>jmix_builder</c>.</summary>
internal sealed class PackageShelf(string middleware, PackageStore store, PackageRecipe recipe, UnpackLimits limits, TimeProvider clock, ILogger logger) : IDisposable
{
    public PackageStore Store => store;

    /// <summary>Builds packages into the store.</summary>
    public PackageWork Work { get; } = new(middleware, store, recipe, logger);

    /// <summary>Takes packages of others in.</summary>
    public PackageUpload Upload { get; } = new(store, limits, clock);

    /// <summary>Lets one request at a time build a study.</summary>
    public StudyBuilds Builds { get; } = new();

    public void Dispose() => store.Dispose();
}
