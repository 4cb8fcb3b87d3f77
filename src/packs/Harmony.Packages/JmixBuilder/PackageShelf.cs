using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>A package store with the work on it. An endpoint with a <c>store_dir</c> has another store than its <c>jmix_builder</c>.</summary>
internal sealed class PackageShelf : IAsyncDisposable
{
    public PackageShelf(string middleware, PackageStore store, PackageRecipe recipe, TimeSpan keepsUploads, DeliveryPipelines pipelines, TimeProvider clock,
        ILogger logger)
    {
        Store = store;
        Work = new PackageWork(middleware, store, recipe, logger);
        Delivery = new PackageDelivery(middleware, store, recipe, pipelines, clock, logger);
        Upload = new PackageUpload(store, recipe, Delivery, clock);
        Resumable = new ResumableUploads(store, Upload, keepsUploads, clock);
    }

    public PackageStore Store { get; }

    /// <summary>Builds packages into the store.</summary>
    public PackageWork Work { get; }

    /// <summary>Receives uploaded packages.</summary>
    public PackageUpload Upload { get; }

    /// <summary>Receives packages by resumable uploads.</summary>
    public ResumableUploads Resumable { get; }

    /// <summary>Sends packages to backends.</summary>
    public PackageDelivery Delivery { get; }

    /// <summary>Lets one request at a time build a study.</summary>
    public StudyBuilds Builds { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Delivery.DisposeAsync();
        Store.Dispose();
    }
}
