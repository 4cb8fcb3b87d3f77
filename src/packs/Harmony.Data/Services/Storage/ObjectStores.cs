using Harmony.Core.Modules;
using Harmony.Core.Storage;
using Harmony.Data.Services.Storage.S3;

namespace Harmony.Data.Services.Storage;

/// <summary>Makes the store that the options of a backend name.</summary>
internal static class ObjectStores
{
    private static readonly string[] KeysOfS3 = ["region", "access_key_id", "secret_access_key", "endpoint"];

    /// <summary>The store; null where the options contradict each other, which goes to the context's problems.</summary>
    public static IObjectStore? Create(StorageBackendOptions options, BackendContext context)
    {
        if (options.Root?.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) == true) return CreateS3(options, context);
        foreach (var key in KeysOfS3.Where(options.Gives))
        {
            context.Problems.Warning(options.LocationOf(key), $"'{key}' of backend '{context.Name}' has no effect: its root is not at S3");
        }

        if (options.Root is "memory:" or "memory://") return new MemoryStore(context.Environment.Clock);
        var folder = Path.GetFullPath(options.Root ?? Path.Combine(StateFolder.Of(context.Config.Storage.Options), "disk"));
        return new FileSystemStore(folder, isDurable: options.Durability == "fsync");
    }

    private static S3ObjectStore? CreateS3(StorageBackendOptions options, BackendContext context)
    {
        if (S3Location.TryParse(options.Root!, out var location, out var error))
            return S3Clients.Create(options, context) is { } client ? new S3ObjectStore(client, location, context.Environment.Clock) : null;
        context.Problems.Error(options.LocationOf("root"), $"'root' of backend '{context.Name}': {error}");
        return null;
    }
}
