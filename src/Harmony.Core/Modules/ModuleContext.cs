using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Harmony.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Harmony.Core.Modules;

/// <summary>The context that a module builds an instance from, in addition to its options.</summary>
public abstract class ModuleContext
{
    /// <summary>The instance's name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Location of its table.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The file its table stands in; references are looked for there first.</summary>
    public required string File { get; init; }

    /// <summary>Takes what is wrong with the options.</summary>
    public required ConfigProblems Problems { get; init; }

    /// <summary>The objects that all modules share.</summary>
    public required BuildEnvironment Environment { get; init; }

    /// <summary>The whole configuration, for modules that refer to other tables.</summary>
    public ConfigSet Config => Environment.Config;
}

/// <summary>The objects that all parts of a configuration share.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Loggers">Makes loggers.</param>
/// <param name="Clock">Tells the time.</param>
public sealed record BuildEnvironment(ConfigSet Config, ILoggerFactory Loggers, TimeProvider Clock)
{
    /// <summary>Limits of what may be buffered and parsed.</summary>
    public ContentLimitsSection Limits => Config.Proxy.ContentLimits;

    /// <summary>State that a new configuration takes over from the one before it.</summary>
    public CarriedUse Carried { get; init; } = new CarriedState().Begin();

    /// <summary>The meshes, which are built before everything that may ask for them; null where nothing runs meshes.</summary>
    public IMeshes? Meshes { get; internal set; }

    /// <summary>The kinds of stores that <c>[storage]</c> can name besides folders and memory.</summary>
    public IReadOnlyList<IStorageModule> Stores { get; internal set; } = [];

    /// <summary>Tables that something has been built from.</summary>
    public UsedSections Used { get; } = new();

    /// <inheritdoc cref="ConfigSet.PathOf"/>
    public string PathOf(string configured) => Config.PathOf(configured);

    /// <summary>
    /// Opens a part of the store that <c>[storage]</c> names; null where that is a folder (<see cref="StateFolder"/>), or where its options are wrong.
    /// The caller disposes the store.
    /// </summary>
    /// <param name="below">Prefix of all names: <c>jmix-store</c>.</param>
    public IObjectStore? OpenStorage(string below) => Config.Storage.Backend switch
    {
        "filesystem" => null,
        "memory" => Carried.Get($"storage/{below}", null, () => new MemoryStore(Clock)),
        var backend => Stores.FirstOrDefault(s => s.Backend == backend)?.Open(Config.Storage, below, Clock),
    };
}

/// <summary>A step that shows what a body was before steps put something else in its place (<see cref="Envelope.Body.ReadSnapshot"/>).</summary>
public interface ISnapshotReader
{
    /// <summary>Whether it will; asked for each request, which then keeps what is replaced until its end.</summary>
    bool ReadsSnapshots { get; }
}

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
