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

        if (options.Root is "memory:" or "memory://") return new MemoryStore(context.Environment.Clock, options.MaxBytes ?? MemoryStore.UsualCapacity);
        if (options.Root is null && context.Environment.OpenStorage("disk") is { } own)
        {
            WarnOfQuota(options, context);
            return own;
        }

        var folder = Path.GetFullPath(options.Root ?? Path.Combine(StateFolder.Of(context.Config.Storage.Options), "disk"));
        return new FileSystemStore(folder, isDurable: options.Durability == "fsync", options.MaxBytes);
    }

    private static S3ObjectStore? CreateS3(StorageBackendOptions options, BackendContext context)
    {
        WarnOfQuota(options, context);
        if (!S3Location.TryParse(options.Root!, out var location, out var error))
        {
            context.Problems.Error(options.LocationOf("root"), $"'root' of backend '{context.Name}': {error}");
            return null;
        }

        var settings = new S3Settings(options.Region, options.AccessKeyId, options.SecretAccessKey, options.Endpoint);
        return settings.Check(options, $"backend '{context.Name}'", context.Problems)
            ? new S3ObjectStore(S3Clients.Connect(settings), location, context.Environment.Clock) : null;
    }

    private static void WarnOfQuota(StorageBackendOptions options, BackendContext context)
    {
        if (options.MaxBytes is null) return;
        context.Problems.Warning(options.LocationOf("max_bytes"),
            $"'max_bytes' of backend '{context.Name}' has no effect: its objects are not in a folder; set a quota at the server");
    }
}
