using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Reloading;

/// <summary>What a reload has changed, in words for the log. No values: some are secret.</summary>
/// <param name="Configuration">Tables and other files: <c>+pipelines.new, ~logging, ~transforms/a.json</c>, or <c>nothing</c>.</param>
/// <param name="Listeners">Listeners: <c>+http://127.0.0.1:8081</c>, or <c>none</c>.</param>
internal sealed record AppliedChange(string Configuration, string Listeners)
{
    /// <summary>Compares.</summary>
    /// <param name="old">What ran before.</param>
    /// <param name="next">What runs now.</param>
    /// <param name="changedFiles">Files that are not as they were when the old one was read.</param>
    /// <param name="listeners">What was opened and closed.</param>
    public static AppliedChange Of(ConfigSet old, ConfigSet next, IReadOnlyList<string> changedFiles, ListenerChange listeners)
    {
        // What a TOML file says is compared by table; of other files only the name is known.
        var files = changedFiles.Where(f => !f.EndsWith(".toml", StringComparison.Ordinal) && File.Exists(f)).Select(f => "~" + Path.GetRelativePath(next.Directory, f)).ToList();
        var tables = ConfigDifference.Between(old, next);
        var all = tables.IsEmpty ? files : [tables.ToString(), .. files];
        return new AppliedChange(all.Count == 0 ? "nothing" : string.Join(", ", all), listeners.ToString());
    }
}
