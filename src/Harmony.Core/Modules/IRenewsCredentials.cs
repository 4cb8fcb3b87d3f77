namespace Harmony.Core.Modules;

/// <summary>
/// A module that lets clients in by what a file holds: users, keys. When the configuration as a whole cannot be reloaded, because of a mistake
/// anywhere in it, the module that serves reads its files again all the same, so that what has been taken out of them is out of force.
/// </summary>
public interface IRenewsCredentials
{
    /// <summary>
    /// Reads the files again and goes by what they hold now: lines that can be used count, others do not. Keeps what it has where a file cannot
    /// be read at all. Called by one thread at a time, beside requests.
    /// </summary>
    void RenewCredentials();
}
