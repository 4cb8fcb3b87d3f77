using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Gateway.Management.Views;

namespace Harmony.Gateway.Management.Validation;

/// <summary>The difference of two configurations line by line, as people read diffs; secrets are masked.</summary>
internal sealed class MaskedDiff
{
    /// <summary>Goes to a terminal, not into a page.</summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly MaskedKinds _old;
    private readonly MaskedKinds _next;
    private readonly List<string> _lines = [];

    private MaskedDiff(ConfigSet old, ConfigSet next, ModuleRegistry registry)
        => (_old, _next) = (new MaskedKinds(new MaskedConfig(old, registry)), new MaskedKinds(new MaskedConfig(next, registry)));

    /// <summary>
    /// The lines: <c>+ [pipelines.new]</c>, <c>~ [backends.ehr]</c> with <c>- timeout_secs = 10</c> and <c>+ timeout_secs = 20</c> below it.
    /// </summary>
    /// <param name="old">What runs.</param>
    /// <param name="next">What would run.</param>
    /// <param name="difference">Which tables differ.</param>
    /// <param name="registry">The modules whose options are shown.</param>
    /// <param name="ct">Ends it.</param>
    public static IReadOnlyList<string> Of(ConfigSet old, ConfigSet next, ConfigDifference difference, ModuleRegistry registry, CancellationToken ct = default)
    {
        var diff = new MaskedDiff(old, next, registry);
        foreach (var name in difference.Removed.TakeWhile(_ => !ct.IsCancellationRequested)) diff.AddWhole("-", name, diff._old);
        foreach (var name in difference.Changed.TakeWhile(_ => !ct.IsCancellationRequested)) diff.AddChanged(name);
        foreach (var name in difference.Added.TakeWhile(_ => !ct.IsCancellationRequested)) diff.AddWhole("+", name, diff._next);
        ct.ThrowIfCancellationRequested();
        return diff._lines;
    }

    private void AddWhole(string sign, string name, MaskedKinds config)
    {
        _lines.Add($"{sign} [{name}]");
        foreach (var (key, value) in Keys(name, config)) _lines.Add($"{sign}   {key} = {value}");
    }

    private void AddChanged(string name)
    {
        _lines.Add($"~ [{name}]");
        var (before, after) = (Keys(name, _old), Keys(name, _next));
        var shown = _lines.Count;
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var (was, becomes) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
            if (was == becomes) continue;
            if (was is not null) _lines.Add($"-   {key} = {was}");
            if (becomes is not null) _lines.Add($"+   {key} = {becomes}");
        }

        if (_lines.Count == shown) _lines.Add("~   a value that is not shown");
    }

    /// <summary>What a table says, by dotted keys. Tables of a kind are named <c>backends.ehr</c>, the main file's own <c>logging</c>.</summary>
    private static Dictionary<string, string> Keys(string name, MaskedKinds config)
    {
        var dot = name.IndexOf('.');
        var kind = config.Kind(dot < 0 ? name : name[..dot]);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(dot < 0 ? kind : kind[name[(dot + 1)..]] as JsonObject ?? [], "", keys);
        return keys;
    }

    private static void Flatten(JsonObject table, string prefix, Dictionary<string, string> keys)
    {
        foreach (var (key, value) in table)
        {
            if (value is JsonObject inner) Flatten(inner, $"{prefix}{key}.", keys);
            else keys[prefix + key] = value?.ToJsonString(Readable) ?? "";
        }
    }

    /// <summary>The tables of a configuration, each kind made once: a kind may have thousands of tables that differ.</summary>
    private sealed class MaskedKinds(MaskedConfig config)
    {
        private readonly Dictionary<string, JsonObject> _made = new(StringComparer.Ordinal);

        public JsonObject Kind(string name) => _made.TryGetValue(name, out var kind) ? kind : _made[name] = config.Kind(name);
    }
}
