using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Packages.Tests;

/// <summary>A gateway with a <c>jmix</c> endpoint, a <c>jmix_builder</c> and a PACS behind it: one in this process, or another where a test has one.</summary>
internal sealed class JmixGateway : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    private JmixGateway(FakePacs pacs, TestFolder folder, bool ownsFolder, string config, TestGateway gateway)
        => (Pacs, Folder, _ownsFolder, Config, Gateway, Client) = (pacs, folder, ownsFolder, config, gateway, TestClient.Http1(gateway.Url));

    public FakePacs Pacs { get; }

    public TestFolder Folder { get; }

    public string Config { get; }

    public TestGateway Gateway { get; }

    public HttpClient Client { get; }

    public string Store => Folder.PathOf("storage/jmix-store");

    public static async Task<JmixGateway> StartAsync(string builderOptions = "", string endpointOptions = "", TestFolder? folder = null,
        FakePacs? pacs = null, string further = "", string storage = "filesystem", string storageOptions = "", TimeProvider? clock = null,
        (int Port, string AeTitle)? other = null)
    {
        pacs ??= FakePacs.WithStudy();
        var ownsFolder = folder is null;
        folder ??= new TestFolder();
        var config = $$"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [storage]
            backend = "{{storage}}"
            [storage.options]
            path = "{{folder.PathOf("storage")}}"
            {{storageOptions}}
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            [pipelines.jmix]
            networks = ["main"]
            endpoints = ["jmix"]
            middleware = ["builder"]
            backends = ["pacs"]
            [endpoints.jmix]
            service = "jmix"
            [endpoints.jmix.options]
            path_prefix = "/x"
            {{endpointOptions}}
            [middleware.builder]
            type = "jmix_builder"
            [middleware.builder.options]
            {{builderOptions}}
            [backends.pacs]
            service = "dicom_scu"
            max_retries = 0
            [backends.pacs.options]
            host = "127.0.0.1"
            port = {{other?.Port ?? pacs.Port}}
            aet = "{{other?.AeTitle ?? pacs.Settings.AeTitle}}"
            {{further}}
            """;
        return new JmixGateway(pacs, folder, ownsFolder, config, await TestGateway.StartAsync(config, clock: clock));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
        await Pacs.DisposeAsync();
        if (_ownsFolder) Folder.Dispose();
    }
}
