using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Configuration;

namespace Harmony.Core.Storage;

/// <summary>
/// Where a gateway keeps what is its own. Where the configuration says nothing, that is a folder of the system or of the user, whatever folder the
/// program was started in: what lay in <c>/tmp</c> would be gone after the next boot.
/// </summary>
public static class StateFolder
{
    private const string Shared = "/var/lib/harmony";

    /// <summary>The folder of a configuration; relative paths are relative to the working directory.</summary>
    public static string Of(StorageOptionsSection options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Path ?? Default(Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows());
    }

    /// <summary>
    /// The first that is known of: <c>STATE_DIRECTORY</c>, which systemd sets; <c>XDG_STATE_HOME</c>; <c>/var/lib/harmony</c> for root; the user's own folder.
    /// </summary>
    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="isRoot">Whether the process may write everywhere.</param>
    internal static string Default(Func<string, string?> environment, bool isRoot)
    {
        if (environment("STATE_DIRECTORY") is { Length: > 0 } service) return service.Split(':')[0];
        if (environment("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state)) return Path.Combine(state, "harmony");
        if (isRoot) return Shared;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? Shared : Path.Combine(home, ".local", "state", "harmony");
    }
}

/// <summary>The folder of a gateway's own files in its <c>[storage]</c>.</summary>
public static class StorageFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// The folder for one kind of thing, absolute; null where everything of the gateway is kept in memory. Each main file has one of its own, so that
    /// gateways may share a storage.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="kind">The kind of files: <c>config-history</c>.</param>
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
