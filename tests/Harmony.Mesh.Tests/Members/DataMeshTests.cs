using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Mesh.Tests.Members;

/// <summary>The public example of a data mesh does what its comments say, with the certificate that they ask for.</summary>
public sealed class DataMeshTests
{
    private const string Secret = "healthcare-mesh-shared-secret-min-32-characters";

    [SharedFact("conformance/examples")]
    public async Task PublicExample_LetsMembersInAndNobodyElse()
    {
        var folder = SharedFolder.PathOf("conformance/examples/data-mesh");
        var files = new Dictionary<string, string>(TestCertificate.Files);
        foreach (var file in Directory.EnumerateFiles(folder, "*.toml", SearchOption.AllDirectories))
            files[Path.GetRelativePath(folder, file)] = await File.ReadAllTextAsync(file);
        var config = files["config.toml"]
            .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)
            .Replace("# cert_path = \"/etc/harmony/certs/fullchain.pem\"", "cert_path = \"server.pem\"", StringComparison.Ordinal)
            .Replace("# key_path = \"/etc/harmony/certs/privkey.pem\"", "key_path = \"server.key\"", StringComparison.Ordinal);
        files.Remove("config.toml");
        await using var gateway = await TestGateway.StartAsync(config, files);
        // The names of the example are in no DNS and in no certificate here.
        using var handler = TestClient.NewHandler();
        handler.ConnectCallback = async (_, ct) => await ConnectAsync(gateway.UrlOf("mesh_external"), ct);
        using var outside = new HttpClient(handler) { BaseAddress = new Uri("http://gateway.example") };
        using var inside = TestClient.Http1(gateway.UrlOf("internal"));
        var token = TestTokens.Hs256(TestTokens.Claims(
            TimeProvider.System, ("iss", "healthcare"), ("sub", "harmony-proxy"), ("aud", null), ("mesh_id", "healthcare")), Encoding.UTF8.GetBytes(Secret));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(inside, "/fhir/r4/Patient/1", "localhost", null));
        foreach (var host in new[] { "fhir.myorganization.com", "fhir-backup.myorganization.com" })
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(outside, "/r4/Patient/1", host, token));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(outside, "/r4/Patient/1", host, null));
            Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(outside, "/r40/Patient/1", host, token));
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(outside, "/wado-rs/Patient/1", "dicom.myorganization.com", token));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(outside, "/r4/Patient/1", "dicom.myorganization.com", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(outside, "/mesh/fhir/r4/Patient/1", "fhir.myorganization.com", null));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(inside, "/r4/Patient/1", "fhir.myorganization.com", token));
    }

    /// <summary>TLS to the gateway for what the client takes for a plain connection.</summary>
    private static async Task<Stream> ConnectAsync(Uri gateway, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Port, ct);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = TestCertificate.TrustPolicy }, ct);
        return tls;
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string path, string host, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Host = host;
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var answer = await client.SendAsync(request, Guard.Token);
        return answer.StatusCode;
    }
}
