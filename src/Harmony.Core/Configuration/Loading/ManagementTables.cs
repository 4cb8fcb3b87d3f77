using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// The tables that <c>[management] enabled = true</c> stands for: an endpoint, a backend and a pipeline, each called <c>management</c>, and a
/// network of that name where none is given. They are like any others: explained, routed, built, reloaded.
/// </summary>
public static class ManagementTables
{
    /// <summary>What the endpoint, the backend, the pipeline and the service are called.</summary>
    public const string Name = "management";

    /// <summary>The file that the tables seem to stand in, so that they are found before those of the user's files.</summary>
    public const string File = "[management]";

    private const string DefaultAddress = "127.0.0.1";
    private const int DefaultPort = 9090;

    /// <summary>The network that the API is served on, without the table that may stand in front of its name.</summary>
    public static string NetworkOf(ManagementSection management)
    {
        const string table = "network.";
        var name = management?.Network ?? Name;
        return name.StartsWith(table, StringComparison.Ordinal) ? name[table.Length..] : name;
    }

    /// <summary>The tables as a file; null where the API is not served.</summary>
    internal static ConfigFile? Of(ManagementSection management, IReadOnlyList<ConfigFile> files)
    {
        if (!management.Enabled || management.IsFaulty) return null;
        var at = management.LocationOf("enabled");
        var network = NetworkOf(management);
        var tables = new List<TomlEntry>();
        if (management.Network is null && !files.Any(f => f.Content.Network.ContainsKey(Name))) tables.Add(DefaultNetwork(at));
        // Scrapers ask for /metrics by default, people for /. Where others use the network the path may be theirs.
        var isAlone = !files.Any(f => f.Content.Pipelines.Values.Any(p => p.Network == network || p.Networks?.Contains(network) == true));
        var options = Table(at, ("path_prefix", Text("/" + management.BasePath.Trim('/'), at)), ("root_metrics", new TomlBoolean(isAlone, at)));
        tables.Add(Named("endpoints", at, ("service", Text(Name, at)), ("options", options)));
        tables.Add(Named("backends", at, ("service", Text(Name, at))));
        tables.Add(Named("pipelines", at,
            ("description", Text("The API for operators", at)),
            ("networks", new TomlArray([Text(network, management.LocationOf("network"))], at)),
            ("endpoints", new TomlArray([Text(Name, at)], at)),
            ("backends", new TomlArray([Text(Name, at)], at))));
        var all = new TomlTable(tables, at);
        return new ConfigFile(File, all, TomlBinder.Bind<ConfigFileContent>(all, File, new ConfigProblems()));
    }

    private static TomlEntry DefaultNetwork(SourceLocation at) => Named("network", at,
        ("tcp_config", Table(at, ("bind_address", Text(DefaultAddress, at)), ("bind_port", new TomlInteger(DefaultPort, at)))));

    private static TomlEntry Named(string kind, SourceLocation at, params (string Key, TomlValue Value)[] entries)
        => new(kind, at, Table(at, (Name, Table(at, entries))));

    private static TomlTable Table(SourceLocation at, params (string Key, TomlValue Value)[] entries)
        => new(entries.Select(e => new TomlEntry(e.Key, at, e.Value)), at);

    private static TomlString Text(string text, SourceLocation at) => new(text, at);
}
