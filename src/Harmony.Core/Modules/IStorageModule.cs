using Harmony.Core.Configuration;
using Harmony.Core.Storage;

namespace Harmony.Core.Modules;

/// <summary>A kind of store that <c>[storage]</c> can name besides folders and memory. A pack brings it.</summary>
public interface IStorageModule
{
    /// <summary>The word for <c>backend</c> of <c>[storage]</c>.</summary>
    string Backend { get; }

    /// <summary>Tells what is wrong with the options.</summary>
    void Check(StorageSection storage, ConfigProblems problems);

    /// <summary>Opens a part of the store. Nothing is sent before the first use. Null where the options are wrong: <see cref="Check"/> says why.</summary>
    /// <param name="storage">The section.</param>
    /// <param name="below">Prefix of all names: <c>jmix-store</c>.</param>
    /// <param name="clock">Tells how old leftovers are.</param>
    IObjectStore? Open(StorageSection storage, string below, TimeProvider clock);
}
