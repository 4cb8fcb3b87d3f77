using System.Text.RegularExpressions;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>docs/observability.md lists every log event of the source, once, and nothing else.</summary>
public sealed partial class LogEventsTests
{
    private static readonly Dictionary<string, string> Levels = new(StringComparer.Ordinal)
    {
        ["Trace"] = "trace", ["Debug"] = "debug", ["Information"] = "info", ["Warning"] = "warn", ["Error"] = "error", ["Critical"] = "fatal",
    };

    private static readonly IReadOnlyList<(string Id, string Level, string Message, string File)> Events = [.. Find()];

    private static readonly string Page = File.ReadAllText(RepositoryFolder.PathOf("docs", "observability.md"));

    [Fact]
    public void Ids_AreUnique() => Assert.Equal(Events.Count, Events.Select(e => e.Id).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void EveryEvent_StandsInThePageOnce()
        => Assert.All(Events, e =>
        {
            var row = $"| {e.Id} | {e.Level} | `{e.Message}` |";
            Assert.True(Page.Split(row).Length == 2, $"docs/observability.md needs this row once, for {e.File}:\n{row} WHAT TO DO |");
        });

    [Fact]
    public void EveryRow_IsAnEvent()
        => Assert.All(Row().Matches(Page), row => Assert.Contains(Events, e => e.Id == row.Groups["id"].Value));

    private static IEnumerable<(string Id, string Level, string Message, string File)> Find()
    {
        foreach (var file in Directory.EnumerateFiles(RepositoryFolder.PathOf("src"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var found = Attribute().Matches(text);
            Assert.True(found.Count == Start().Count(text),
                $"{file}: write [LoggerMessage(EventId = …, Level = LogLevel.…, Message = \"…\")] so that this test can read it");
            foreach (Match match in found)
            {
                yield return (match.Groups["id"].Value, Levels[match.Groups["level"].Value],
                    Seam().Replace(match.Groups["message"].Value, "").Replace("|", "\\|", StringComparison.Ordinal), file);
            }
        }
    }

    [GeneratedRegex(
        """\[LoggerMessage\(\s*EventId\s*=\s*(?<id>\d+),\s*Level\s*=\s*LogLevel\.(?<level>\w+),\s*Message\s*=\s*"(?<message>(?:[^"\\]|\\.|"\s*\+\s*")*)"\s*\)\]""")]
    private static partial Regex Attribute();

    /// <summary>Where a long message goes on in the next line.</summary>
    [GeneratedRegex(@"(?<!\\)""\s*\+\s*""")]
    private static partial Regex Seam();

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex Start();

    [GeneratedRegex(@"^\| (?<id>\d{3,5}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
