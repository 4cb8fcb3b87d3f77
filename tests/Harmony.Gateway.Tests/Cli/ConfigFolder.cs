using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>A folder with a configuration, gone after the test.</summary>
internal sealed class ConfigFolder : IDisposable
{
    /// <summary>A main file that is fine: one pipeline from <c>/api</c> to an echo.</summary>
    public const string Good = """
        [proxy]
        name = "test"
        primary_provider = "local"

        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = 8080

        [pipelines.api]
        networks = ["main"]
        endpoints = ["api"]
        backends = ["origin"]

        [endpoints.api]
        service = "http"
        options.path_prefix = "/api"

        [backends.origin]
        service = "echo"

        """;

    /// <summary>The same with a reference to something whose name is misspelt.</summary>
    public const string WithUnknownReference = Good + """
        authentication = "clinc"
        [authentications.clinic]
        method = "none"

        """;

    private readonly TestFolder _folder = new();

    public ConfigFolder(string config = Good) => Write("config.toml", config);

    public string Path => _folder.Path;

    public string Main => _folder.PathOf("config.toml");

    /// <summary>Writes a file as a whole: a watcher never sees half of it, however long this program is kept from going on.</summary>
    public ConfigFolder Write(string name, string text)
    {
        var (path, aside) = (_folder.PathOf(name), System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"harmony-{Guid.NewGuid():N}"));
        File.WriteAllText(aside, text);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.Move(aside, path, overwrite: true);
        return this;
    }

    public void Dispose() => _folder.Dispose();
}
