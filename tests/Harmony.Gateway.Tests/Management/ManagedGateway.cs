using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Gateway.Management.Access;
using Harmony.Gateway.Tests.Reloading;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Management;

/// <summary>A gateway in this process with its management API, and an operator who knows the token.</summary>
internal sealed class ManagedGateway : IAsyncDisposable
{
    private readonly HttpClient _operator;

    private ManagedGateway(ReloadingGateway gateway)
    {
        Gateway = gateway;
        Anybody = TestClient.Http1(new Uri($"http://127.0.0.1:{gateway.ManagementPort}"));
        _operator = TestClient.Http1(Anybody.BaseAddress!);
        _operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken.Read(gateway.Host.Snapshot.Config)!);
    }

    public ReloadingGateway Gateway { get; }

    /// <summary>Somebody without a token.</summary>
    public HttpClient Anybody { get; }

    /// <summary>The pipeline <c>dead</c> at <c>/dead</c>, whose one target <c>dead</c> is asked once for each request.</summary>
    /// <param name="port">A port at which no server listens.</param>
    /// <param name="name">Name of the pipeline: the meter is the process's, so a test that counts requests needs a name of its own.</param>
    public static string DeadPipeline(int port, string name = "dead") => $"""
        [pipelines.{name}]
        networks = ["main"]
        path = "/dead"
        backend_ref = "dead"
        [backends.dead]
        service = "http"
        max_retries = 0
        options.base_url = "http://127.0.0.1:{port}"
        """;

    /// <summary>Starts with an echo behind <c>/one</c>.</summary>
    public static async Task<ManagedGateway> StartAsync(string management = "", string more = "")
        => new(await ReloadingGateway.StartAsync(g => g.Folder.Write("config.toml", g.Managed("one", management, more))));

    /// <summary>The same beside other files.</summary>
    public static async Task<ManagedGateway> StartAsync(Action<Cli.ConfigFolder> layOut, string more)
        => new(await ReloadingGateway.StartAsync(g =>
        {
            layOut(g.Folder);
            g.Folder.Write("config.toml", g.Managed("one", more: more));
        }));

    /// <summary>Asks without a token; the answer must be JSON.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Answer)> GetAsync(string path) => await ReadAsync(await Anybody.GetAsync("/admin/" + path));

    /// <summary>Asks with the token.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Answer)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, "/admin/" + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ReadAsync(await _operator.SendAsync(request));
    }

    public Task<(HttpStatusCode Status, JsonObject Answer)> PostAsync(string path, string? body = null) => SendAsync(HttpMethod.Post, path, body);

    public async ValueTask DisposeAsync()
    {
        Anybody.Dispose();
        _operator.Dispose();
        await Gateway.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, JsonObject Answer)> ReadAsync(HttpResponseMessage response)
    {
        using (response) return (response.StatusCode, Assert.IsType<JsonObject>(JsonNode.Parse(await response.Content.ReadAsStringAsync())));
    }
}
