using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>A package store with the work on it. An endpoint with a <c>store_dir</c> has another store than its <c>jmix_builder</c>.</summary>
internal sealed class StoreOperations : IAsyncDisposable
{
    public StoreOperations(
        string middleware, PackageStore store, PackageSettings settings, TimeSpan keepsUploads, DeliveryPipelines pipelines, TimeProvider clock, ILogger logger)
    {
        Store = store;
        Packager = new FolderPackager(middleware, store, settings, logger);
        Delivery = new PackageDelivery(middleware, store, settings, pipelines, clock, logger);
        Upload = new PackageUpload(store, settings, Delivery, clock);
        Resumable = new ResumableUploads(store, Upload, keepsUploads, clock);
    }

    public PackageStore Store { get; }

    /// <summary>Builds packages into the store.</summary>
    public FolderPackager Packager { get; }

    /// <summary>Receives uploaded packages.</summary>
    public PackageUpload Upload { get; }

    /// <summary>Receives packages by resumable uploads.</summary>
    public ResumableUploads Resumable { get; }

    /// <summary>Sends packages to backends.</summary>
    public PackageDelivery Delivery { get; }

    /// <summary>Lets one request at a time build a study.</summary>
    public StudyTurns Builds { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Delivery.DisposeAsync();
        Store.Dispose();
    }
}
