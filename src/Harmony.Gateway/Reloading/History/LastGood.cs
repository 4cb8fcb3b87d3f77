using Harmony.Core.Configuration;
using Harmony.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Reloading.History;

/// <summary>The configuration that ran last, which <c>run --last-good</c> starts where the files on the disk do not load.</summary>
/// <param name="Version">What ran.</param>
/// <param name="Disk">The files on the disk, as far as they could be read.</param>
/// <param name="Problems">What is wrong with those.</param>
internal sealed record LastGood(ConfigVersion Version, ConfigSet Disk, ConfigProblems Problems)
{
    private const string Kind = "config-history";

    /// <summary>Finds what ran last.</summary>
    /// <param name="disk">The files on the disk, as far as they could be read.</param>
    /// <param name="problems">What is wrong with them, which the caller may find out later.</param>
    /// <param name="clock">Tells the time.</param>
    /// <returns>Null where there is no history, or where the files on the disk are what ran last: then something else is wrong than a file.</returns>
    public static LastGood? Find(ConfigSet disk, ConfigProblems problems, TimeProvider clock)
    {
        // The table that says where the history is may be what is broken; then a note in the usual folder says it.
        var folders = new[] { StorageFolder.Of(disk, Kind), Noted(disk), Usual(disk) }.OfType<string>().Distinct();
        var newest = folders.Select(f => new ConfigHistory(f, clock, NullLogger.Instance).Newest).OfType<ConfigVersion>().MaxBy(v => v.AppliedAt);
        return newest is null || newest.Hash == HashOf(disk, clock) ? null : new LastGood(newest, disk, problems);
    }

    /// <summary>Notes in the usual folder where the history of a configuration is, if that is elsewhere.</summary>
    /// <param name="config">A configuration that runs.</param>
    public static void Note(ConfigSet config)
    {
        if (StorageFolder.Of(config, Kind) is not { } folder || folder == Usual(config)) return;
        try
        {
            StorageFolder.Create(Path.GetDirectoryName(Usual(config))!);
            File.WriteAllText(NoteOf(config), folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the note the history is found as long as the main file can be read.
        }
    }

    private static string? Noted(ConfigSet config)
    {
        try
        {
            return BoundedFile.ReadText(NoteOf(config), limit: 4096);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return null;
        }
    }

    private static string Usual(ConfigSet config) => StorageFolder.Under(StateFolder.Of(new StorageOptionsSection()), config, Kind);

    private static string NoteOf(ConfigSet config) => Usual(config) + ".folder";

    private static string? HashOf(ConfigSet disk, TimeProvider clock)
    {
        try
        {
            return ConfigVersion.Of(disk, "start", clock.GetUtcNow()).Hash;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            return null;
        }
    }
}
