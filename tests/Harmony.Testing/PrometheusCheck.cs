using System.Globalization;
using System.Text.RegularExpressions;

namespace Harmony.Testing;

/// <summary>One line with a value of the Prometheus text format.</summary>
/// <param name="Name">Name of the sample: of a histogram with <c>_bucket</c>, <c>_sum</c> or <c>_count</c>.</param>
/// <param name="Labels">Labels, unescaped.</param>
/// <param name="Value">Value.</param>
public sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// Checks the Prometheus text format 0.0.4 as <c>promtool check metrics</c> does: grammar of every line, one TYPE before the samples of a
/// metric, metrics in one piece, no sample twice, counters that end in <c>_total</c>, histograms that add up.
/// </summary>
public static partial class PrometheusCheck
{
    /// <summary>The samples of a text without problems.</summary>
    public static IReadOnlyList<PrometheusSample> Samples(string text)
        => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').Select(l => Parse(l) ?? throw new FormatException(l))];

    /// <summary>What is wrong, one entry each.</summary>
    public static IReadOnlyList<string> Problems(string text)
    {
        var problems = new List<string>();
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var finished = new HashSet<string>(StringComparer.Ordinal);
        var helped = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var samples = new List<PrometheusSample>();
        var current = "";
        if (text.Length > 0 && text[^1] != '\n') problems.Add("the last line has no line feed");
        if (text.Contains('\r', StringComparison.Ordinal)) problems.Add("carriage return");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                var before = current;
                Begin(comment.Groups["name"].Value);
                if (comment.Groups["kind"].Value != "TYPE")
                {
                    if (!helped.Add(current)) problems.Add($"second HELP: {line}");
                    if (before == current && types.ContainsKey(current)) problems.Add($"HELP stands before TYPE: {line}");
                    continue;
                }

                if (!types.TryAdd(current, comment.Groups["text"].Value)) problems.Add($"second TYPE: {line}");
                if (comment.Groups["text"].Value is not ("counter" or "gauge" or "histogram")) problems.Add($"unknown type: {line}");
                if (comment.Groups["text"].Value == "counter" && !current.EndsWith("_total", StringComparison.Ordinal))
                    problems.Add($"a counter ends in _total: {line}");
            }
            else if (Parse(line) is { } sample)
            {
                if (!types.TryGetValue(current, out var type) || !Names(current, type).Contains(sample.Name))
                    problems.Add($"sample without its TYPE before it: {line}");
                if (!seen.Add(line[..line.LastIndexOf(' ')])) problems.Add($"sample twice: {line}");
                samples.Add(sample);
            }
            else
            {
                problems.Add($"not a line of the format: {line}");
            }
        }

        foreach (var (name, _) in types.Where(t => t.Value == "histogram")) CheckHistogram(name, samples, problems);
        return problems;

        void Begin(string name)
        {
            if (name == current) return;
            if (!finished.Add(name)) problems.Add($"metric {name} is in two pieces");
            current = name;
        }
    }

    private static string[] Names(string family, string type) => type == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : [family];

    private static void CheckHistogram(string name, List<PrometheusSample> samples, List<string> problems)
    {
        foreach (var group in samples.Where(s => s.Name == name + "_bucket").GroupBy(s => KeyOf(s.Labels)))
        {
            var buckets = group.Select(s => (Bound: ValueOf(s.Labels["le"]) ?? double.NaN, Count: s.Value)).ToList();
            if (buckets.Zip(buckets.Skip(1)).Any(b => !(b.First.Bound < b.Second.Bound && b.First.Count <= b.Second.Count)))
                problems.Add($"buckets of {name}{{{group.Key}}} do not grow");
            if (!double.IsPositiveInfinity(buckets[^1].Bound)) problems.Add($"{name}{{{group.Key}}} has no bucket +Inf");
            var count = samples.Where(s => s.Name == name + "_count" && KeyOf(s.Labels) == group.Key).ToList();
            if (count.Count != 1 || !count[0].Value.Equals(buckets[^1].Count)) problems.Add($"{name}_count{{{group.Key}}} is not its last bucket");
            if (samples.Count(s => s.Name == name + "_sum" && KeyOf(s.Labels) == group.Key) != 1) problems.Add($"{name}{{{group.Key}}} has no _sum");
        }
    }

    private static string KeyOf(IReadOnlyDictionary<string, string> labels)
        => string.Join(',', labels.Where(l => l.Key != "le").OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    private static PrometheusSample? Parse(string line)
    {
        var match = Sample().Match(line);
        if (!match.Success || ValueOf(match.Groups["value"].Value) is not { } value) return null;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(match.Groups["labels"].Value))
        {
            if (!labels.TryAdd(label.Groups["name"].Value, Unescaped(label.Groups["value"].Value))) return null;
        }

        return new PrometheusSample(match.Groups["name"].Value, labels, value);
    }

    private static string Unescaped(string value) => EscapeSequence().Replace(value, m => m.Value[1] == 'n' ? "\n" : m.Value[1..]);

    private static double? ValueOf(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>(?:[^\\]|\\\\|\\n)*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*")*)\})? (?<value>\S+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\]|\\["\\n])*)"(?:,|$)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\\.")]
    private static partial Regex EscapeSequence();
}
