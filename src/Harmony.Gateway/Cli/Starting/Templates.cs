using System.Reflection;

namespace Harmony.Gateway.Cli.Starting;

/// <summary>The examples of the repository, which the program carries, as configurations to begin with.</summary>
internal static class Templates
{
    private const string Prefix = "examples/";

    /// <summary>What people call them, besides the names of their folders.</summary>
    private static readonly IReadOnlyDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["http"] = "http-proxy", ["echo"] = "basic-echo", ["dicom-store"] = "cstore-filesystem", ["fhir-proxy"] = "fhir",
    };

    private static readonly Assembly Program = typeof(Templates).Assembly;

    private static readonly ILookup<string, (string Resource, string File)> All = Program.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => (Resource: name, Path: name[Prefix.Length..].Replace('\\', '/')))
        .ToLookup(r => r.Path[..r.Path.IndexOf('/', StringComparison.Ordinal)],
            r => (r.Resource, r.Path[(r.Path.IndexOf('/', StringComparison.Ordinal) + 1)..]), StringComparer.Ordinal);

    /// <summary>Their names, those that people call them by first.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Aliases.Where(a => All.Contains(a.Value)).Select(a => a.Key), .. All.Select(t => t.Key).Order(StringComparer.Ordinal)];

    /// <summary>The files of a template, by their paths below its folder, with slashes; null where there is none of that name.</summary>
    public static IReadOnlyDictionary<string, byte[]>? Find(string name)
    {
        var folder = Aliases.GetValueOrDefault(name, name);
        return All.Contains(folder) ? All[folder].ToDictionary(f => f.File, f => Read(f.Resource), StringComparer.Ordinal) : null;
    }

    /// <summary>The files of a template that a gateway can be started with: <c>config.toml</c>, or those of the gateways that meet each other in it.</summary>
    public static IEnumerable<string> MainFilesOf(IReadOnlyDictionary<string, byte[]> files)
        => files.ContainsKey("config.toml") ? ["config.toml"]
            : files.Keys.Where(f => !f.Contains('/', StringComparison.Ordinal) && f.EndsWith(".toml", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Where a template looks for its certificates and keys.</summary>
    public static string KeysFolderOf(IReadOnlyDictionary<string, byte[]> files) => files.ContainsKey("keys.sh") ? "keys" : "tls";

    private static byte[] Read(string resource)
    {
        using var stream = Program.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
