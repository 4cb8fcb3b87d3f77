using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Harmony.Mesh.Cloud;

namespace Harmony.Gateway.Cloud;

/// <summary>One part of a configuration as the cloud keeps it.</summary>
/// <param name="Type">What it is: <c>gateway</c>, <c>pipeline</c>, <c>transform</c>, <c>mesh</c>.</param>
/// <param name="Path">Its file.</param>
/// <param name="Hash">SHA-256 of the file.</param>
/// <param name="Text">Its text without secrets.</param>
internal sealed record PushedPart(string Type, string Path, string Hash, string Text);

/// <summary>The files of a configuration, ready to leave the machine: variables replace secrets.</summary>
/// <param name="Parts">The parts, the main file first.</param>
/// <param name="Variables">The variables that stand for secrets.</param>
internal sealed record ConfigurationPush(IReadOnlyList<PushedPart> Parts, IReadOnlyList<string> Variables)
{
    /// <summary>How many parts are of a type.</summary>
    public int Count(string type) => Parts.Count(p => p.Type == type);

    /// <summary>Characters of all parts.</summary>
    public int Size => Parts.Sum(p => p.Text.Length);

    /// <summary>Reads the files of the configuration that runs.</summary>
    /// <exception cref="FormatException">A file is not TOML, so its secrets cannot be found: nothing is sent.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static ConfigurationPush Of(GatewaySnapshot running)
    {
        var config = running.Config;
        var variables = new List<string>();
        var parts = new List<PushedPart>();
        foreach (var path in config.Sources.OwnFiles.Where(File.Exists))
        {
            if (TypeOf(path, config) is not { } type) continue;
            var bytes = BoundedFile.Read(path);
            var text = Encoding.UTF8.GetString(bytes);
            if (type == "transform")
            {
                text = Wrapped(Path.GetFileNameWithoutExtension(path), text);
            }
            else
            {
                text = SecretValues.TakeOut(text, path, running.Modules, out var found);
                variables.AddRange(found);
            }

            parts.Add(new PushedPart(type, path, CloudState.HashOf(bytes), text));
        }

        return new ConfigurationPush([.. parts.OrderBy(p => p.Type != "gateway")], [.. variables.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>What a file is to the cloud; null for one that it does not keep.</summary>
    private static string? TypeOf(string path, ConfigSet config)
    {
        if (path == Path.GetFullPath(config.MainFile)) return "gateway";
        var (folder, isToml) = (Path.GetDirectoryName(path), path.EndsWith(".toml", StringComparison.Ordinal));
        if (isToml && folder == Folder(config.Proxy.PipelinesPath)) return "pipeline";
        if (isToml && folder == Folder(config.Proxy.MeshPath)) return "mesh";
        return path.EndsWith(".json", StringComparison.Ordinal) && folder == Folder(config.Proxy.TransformsPath) ? "transform" : null;

        string Folder(string configured) => Path.GetFullPath(Path.Combine(config.Directory, configured));
    }

    /// <summary>A specification as the cloud takes it: a text in TOML.</summary>
    private static string Wrapped(string name, string specification)
    {
        var instructions = specification.Contains("'''", StringComparison.Ordinal)
            || specification.Any(c => char.IsControl(c) && c is not ('\n' or '\t' or '\r'))
            ? Quoted(specification)
            : $"'''\n{specification}'''";
        return $"[transform.{Quoted(name)}]\nname = {Quoted(name)}\ninstructions = {instructions}\n";
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (char.IsControl(c)) quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
