using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>
/// nginx as an origin of HTTP/2 closes each connection after some requests (<c>keepalive_requests</c>), under the requests that are on their way.
/// </summary>
public class NginxOriginTests
{
    private const int Clients = 10;
    private const int PostsEach = 2000;

    [PeerFact("nginx")]
    [Trait("Category", "Slow")]
    public async Task Posts_WhileConnectionsAreRecycled_AreNeitherLostNorDoubled()
    {
        using var folder = new TestFolder();
        TestCertificate.Write(Path.Combine(folder.Path, "cert.pem"), Path.Combine(folder.Path, "key.pem"));
        var (port, plain) = (FreePort.Take(), FreePort.Take());
        var config = folder.Write("nginx.conf", $$"""
            daemon off; pid {{folder.Path}}/nginx.pid; error_log stderr crit; worker_processes 1;
            events { worker_connections 300; }
            http {
              log_format id $http_x_request_id; access_log {{folder.Path}}/access.log id;
              client_body_temp_path {{folder.Path}}/b; proxy_temp_path {{folder.Path}}/p; fastcgi_temp_path {{folder.Path}}/f; uwsgi_temp_path {{folder.Path}}/u; scgi_temp_path {{folder.Path}}/s;
              upstream back { server 127.0.0.1:{{plain}}; keepalive 32; }
              server { listen 127.0.0.1:{{plain}}; access_log off; location / { return 200 "ok"; } }
              server { listen 127.0.0.1:{{port}} ssl http2; ssl_certificate {{folder.Path}}/cert.pem; ssl_certificate_key {{folder.Path}}/key.pem; keepalive_requests 20;
                location / { proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; } }
            }
            """);
        using var nginx = Process.Start(new ProcessStartInfo(Peers.PathOf("nginx"), ["-e", "stderr", "-p", folder.Path, "-c", config]))!;
        try
        {
            var files = new Dictionary<string, string> { ["ours.pem"] = await File.ReadAllTextAsync(Path.Combine(folder.Path, "cert.pem")) };
            await using var gateway = await TestGateway.StartAsync(
                new ForwardingConfig(new Uri($"https://127.0.0.1:{port}")) { Backend = "ca_cert_path = \"ours.pem\"", Retries = true }.ToToml(), files,
                quiet: true);
            using var client = TestClient.Http1(gateway.Url);
            await FirstAnswerAsync(client);
            var statuses = new ConcurrentBag<HttpStatusCode>();
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
            {
                for (var i = 0; i < PostsEach; i++)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/x") { Content = new ByteArrayContent("hello"u8.ToArray()) };
                    request.Headers.Add("x-request-id", $"{number}-{i}");
                    using var answer = await client.SendAsync(request);
                    statuses.Add(answer.StatusCode);
                }
            }));
            Assert.DoesNotContain(gateway.Log.Lines, line => line.EventId == 2005);
            Assert.Equal([KeyValuePair.Create(HttpStatusCode.OK, Clients * PostsEach)], statuses.CountBy(s => s));
            var seen = (await File.ReadAllLinesAsync(Path.Combine(folder.Path, "access.log"))).Where(id => id.Contains('-') && id.Length < 10).ToList();
            Assert.Equal(Clients * PostsEach, seen.Count);
            Assert.Equal(seen.Count, seen.Distinct().Count());
        }
        finally
        {
            await nginx.EndAsync();
        }
    }

    /// <summary>Waits until nginx listens.</summary>
    private static async Task FirstAnswerAsync(HttpClient client)
    {
        var limit = Guard.Token;
        while (true)
        {
            using var answer = await client.GetAsync("/", limit);
            if (answer.StatusCode == HttpStatusCode.OK) return;
            await Task.Delay(50, limit);
        }
    }
}
