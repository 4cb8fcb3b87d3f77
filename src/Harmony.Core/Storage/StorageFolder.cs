using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Configuration;

namespace Harmony.Core.Storage;

/// <summary>Where a gateway keeps things of its own in its <c>[storage]</c>.</summary>
public static class StorageFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// The folder for one kind of thing, absolute; null where everything of the gateway is kept in memory. Each main file has one of its own, so that
    /// gateways may share a storage.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="kind">What is kept: <c>config-history</c>.</param>
    public static string? Of(ConfigSet config, string kind)
    {
        return config.Storage.Backend != "memory" ? Under(StateFolder.Of(config.Storage.Options), config, kind) : null;
    }

    /// <summary>The same in a storage of the caller's choice.</summary>
    public static string Under(string storage, ConfigSet config, string kind)
    {
        var main = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(config.MainFile))))[..12];
        return Path.GetFullPath(Path.Combine(storage, kind, main));
    }

    /// <summary>Makes a folder that only the gateway's user can look into, and those above it that are missing.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // The platform gives the mode to the last one only; the others would have what the umask leaves.
        if (Path.GetDirectoryName(folder) is { } parent && !Directory.Exists(parent)) Create(parent);
        Directory.CreateDirectory(folder, OwnerOnly);
    }
}
