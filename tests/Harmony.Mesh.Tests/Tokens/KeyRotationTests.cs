using System.Net;
using System.Security.Cryptography;
using Harmony.Testing;

namespace Harmony.Mesh.Tests.Tokens;

/// <summary>Keys change while requests run, and no request is lost: by files, and by key sets that the owner publishes.</summary>
public sealed class KeyRotationTests
{
    private const int Connections = 64;

    private static readonly RSA New = RSA.Create(2048);

    private static Dictionary<string, string> Files => new()
    {
        ["old.pem"] = TestTokens.Rsa.ExportPkcs8PrivateKeyPem(),
        ["old.pub.pem"] = TestTokens.Rsa.ExportSubjectPublicKeyInfoPem(),
        ["new.pem"] = New.ExportPkcs8PrivateKeyPem(),
        ["new.pub.pem"] = New.ExportSubjectPublicKeyInfoPem(),
    };

    private static string Owner(int port, string keys) => $"""
        [proxy]
        name = "clinic-a"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.outside]
        networks = ["main"]
        endpoints = ["outside"]
        backends = ["b"]
        [pipelines.outside.mesh.ingress.own]
        type = "http"
        urls = ["http://127.0.0.1/own"]
        [pipelines.outside.mesh.egress.to-b]
        type = "http"
        mode = "mesh"
        [endpoints.outside]
        service = "http"
        options.path_prefix = "/out"
        [backends.b]
        service = "http"
        options.base_url = "http://127.0.0.1:{port}/r4"
        options.max_retries = 0
        [remote_ingress.b]
        urls = ["http://127.0.0.1/r4"]
        [mesh.clinics]
        type = "http"
        provider = "local"
        ingress = ["own", "b"]
        egress = ["to-b"]
        {keys}
        """;

    private static string Other(string keys) => $"""
        [proxy]
        name = "clinic-b"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.records]
        networks = ["main"]
        endpoints = ["records"]
        backends = ["ehr"]
        [pipelines.records.mesh.ingress.records]
        type = "http"
        mode = "mesh"
        urls = ["http://127.0.0.1/r4"]
        [endpoints.records]
        service = "http"
        options.path_prefix = "/inside"
        [backends.ehr]
        service = "echo"
        [mesh.clinics]
        type = "http"
        provider = "local"
        ingress = ["records"]
        {keys}
        """;

    [Fact]
    public async Task ByFiles_NoRequestIsLost()
    {
        await using var other = await TestGateway.StartAsync(Other("jwt_public_key_path = \"old.pub.pem\""), Files, quiet: true);
        await using var owner = await TestGateway.StartAsync(Owner(other.Address.Port, "jwt_private_key_path = \"old.pem\""), Files, quiet: true);
        await UnderLoadAsync(owner,
            () => other.ReloadAsync(Other("jwt_public_key_paths = [\"old.pub.pem\", \"new.pub.pem\"]")),
            () => owner.ReloadAsync(Owner(other.Address.Port, "jwt_private_key_path = \"new.pem\"")),
            () => other.ReloadAsync(Other("jwt_public_key_path = \"new.pub.pem\"")));
        await owner.ReloadAsync(Owner(other.Address.Port, "jwt_private_key_path = \"old.pem\""));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(owner));
    }

    [Fact]
    public async Task ByPublishedKeys_NoRequestIsLost()
    {
        const string first = "jwt_private_key_path = \"old.pem\"\npublish_jwks = true";
        await using var owner = await TestGateway.StartAsync(Owner(1, first), Files, quiet: true);
        var keys = $"members = {{ clinic-a = {{ jwks_url = \"http://127.0.0.1:{owner.Address.Port}/.well-known/mesh/clinics/jwks.json\" }} }}";
        await using var other = await TestGateway.StartAsync(Other(keys), quiet: true);
        var port = other.Address.Port;
        await owner.ReloadAsync(Owner(port, first));
        await UnderLoadAsync(owner,
            () => owner.ReloadAsync(Owner(port, first + "\npublished_key_paths = [\"new.pub.pem\"]")),
            () => owner.ReloadAsync(Owner(port, "jwt_private_key_path = \"new.pem\"\npublish_jwks = true\npublished_key_paths = [\"old.pub.pem\"]")));
        using var client = TestClient.Http1(owner.Url);
        var document = await client.GetStringAsync(new Uri("/.well-known/mesh/clinics/jwks.json", UriKind.Relative), Guard.Token);
        Assert.Equal(2, document.Split("\"kid\"").Length - 1);
        Assert.DoesNotContain("\"d\"", document, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(TestGateway gateway)
    {
        using var client = TestClient.Http1(gateway.Url);
        return (await client.GetAsync(new Uri("/out/x", UriKind.Relative), Guard.Token)).StatusCode;
    }

    /// <summary>Each change is made when every connection has had some requests answered since the one before.</summary>
    private static async Task UnderLoadAsync(TestGateway gateway, params Func<Task>[] changes)
    {
        using var client = TestClient.Http1(gateway.Url);
        using var stop = new CancellationTokenSource();
        var counts = new int[Connections];
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<HttpStatusCode, int>();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway));
        var load = Enumerable.Range(0, Connections).Select(i => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var answer = await client.GetAsync(new Uri("/out/x", UriKind.Relative), Guard.Token);
                statuses.AddOrUpdate(answer.StatusCode, 1, (_, n) => n + 1);
                Interlocked.Increment(ref counts[i]);
            }
        })).ToList();
        foreach (var change in changes)
        {
            await EachAnsweredAsync(counts);
            await change();
        }

        await EachAnsweredAsync(counts);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal([HttpStatusCode.OK], statuses.Keys);
    }

    private static async Task EachAnsweredAsync(int[] counts)
    {
        var before = counts.ToArray();
        while (Enumerable.Range(0, counts.Length).Any(i => Volatile.Read(ref counts[i]) < before[i] + 3))
        {
            Guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
