using System.Text.RegularExpressions;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Tests.Fakes;
using Harmony.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Core.Tests.ConfigCases;

/// <summary>
/// A golden file: the main file; further files after lines <c>#### file: pipelines/a.toml</c>; environment variables in lines
/// <c>#### env: NAME=value</c> (with <c>\n</c> and <c>\\</c>); a fresh certificate and its key by <c>#### certificate: cert.pem key.pem</c>;
/// then <c>----</c> and what becomes of it: the problems, one a line, and the model if it can run.
/// </summary>
internal sealed partial class ConfigCase
{
    private const string Separator = "----";
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal) { ["config.toml"] = "" };
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly List<string[]> _certificates = [];
    private readonly string _source;

    public ConfigCase(string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var end = Array.LastIndexOf(lines, Separator);
        if (end < 0) end = lines.Length;
        _source = string.Join('\n', lines[..end]);
        Expected = string.Join('\n', lines[Math.Min(end + 1, lines.Length)..]).Trim('\n');
        ReadSource(lines[..end]);
    }

    /// <summary>What stands behind the separator.</summary>
    public string Expected { get; }

    /// <summary>The whole golden file with another outcome.</summary>
    public string With(string outcome) => $"{_source}\n{Separator}\n{outcome}\n";

    /// <summary>Loads and builds the configuration in a folder of its own.</summary>
    public async Task<string> RunAsync()
    {
        using var folder = new TestFolder();
        folder.Write(_files);
        foreach (var names in _certificates) TestCertificate.Write(folder.PathOf(names[0]), folder.PathOf(names[1]));
        var problems = new ConfigProblems();
        var loader = new ConfigLoader(problems, _environment.GetValueOrDefault);
        var config = loader.Load(folder.PathOf("config.toml"));
        var builder = new SnapshotBuilder(CaseModules.Registry, NullLoggerFactory.Instance, TimeProvider.System);
        await using var snapshot = loader.HasSyntaxErrors ? null : await builder.BuildAsync(config, problems);
        var outcome = string.Join('\n', problems) + (snapshot is null ? "" : "\n" + ModelText.Of(snapshot));
        return outcome.Replace(folder.Path + "/", "", StringComparison.Ordinal).Trim('\n');
    }

    private void ReadSource(string[] lines)
    {
        var file = "config.toml";
        foreach (var line in lines)
        {
            var match = Directive().Match(line);
            if (!match.Success) _files[file] += line + "\n";
            else if (match.Groups[1].Value == "file") _files[file = match.Groups[2].Value] = "";
            else if (match.Groups[1].Value == "certificate") _certificates.Add(match.Groups[2].Value.Split(' '));
            else _environment[match.Groups[2].Value.Split('=')[0]] = Regex.Unescape(match.Groups[2].Value[(match.Groups[2].Value.IndexOf('=') + 1)..]);
        }
    }

    [GeneratedRegex(@"^#### (file|env|certificate): (.+)$")]
    private static partial Regex Directive();
}
