using System.Text.RegularExpressions;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Tests.Fakes;
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
        var folder = Directory.CreateTempSubdirectory("harmony-case-").FullName;
        try
        {
            WriteFiles(folder);
            var problems = new ConfigProblems();
            var loader = new ConfigLoader(problems, _environment.GetValueOrDefault);
            var config = loader.Load(Path.Combine(folder, "config.toml"));
            var builder = new SnapshotBuilder(CaseModules.Registry, NullLoggerFactory.Instance, TimeProvider.System);
            await using var snapshot = loader.HasSyntaxErrors ? null : await builder.BuildAsync(config, problems);
            var outcome = string.Join('\n', problems) + (snapshot is null ? "" : "\n" + ModelText.Of(snapshot));
            return outcome.Replace(folder + "/", "", StringComparison.Ordinal).Trim('\n');
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

    private void WriteFiles(string folder)
    {
        foreach (var (name, text) in _files)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        foreach (var names in _certificates) TestCertificate.Write(Path.Combine(folder, names[0]), Path.Combine(folder, names[1]));
    }

    [GeneratedRegex(@"^#### (file|env|certificate): (.+)$")]
    private static partial Regex Directive();
}
