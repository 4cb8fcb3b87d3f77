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
