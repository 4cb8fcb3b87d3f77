using System.Net;
using Harmony.Core.Configuration;
using Harmony.Gateway.Management;
using Harmony.Gateway.Management.Access;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Management.Access;

/// <summary>Who gets in.</summary>
public sealed class AdminAccessTests
{
    private const string Token = "0123456789abcdef-token";

    /// <summary>DNS rebinding: a page of somebody else's asks under its own name.</summary>
    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.0.0.1:9090", 200)]
    [InlineData("localhost:1", 200)]
    [InlineData("LOCALHOST", 200)]
    [InlineData("[::1]:9090", 200)]
    [InlineData("127.8.8.8", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:9090", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("[::1].evil.example", 400)]
    public async Task Host_OfSomebodyElse_IsRefused(string host, int status)
    {
        await using var gateway = await ManagedGateway.StartAsync();
        using var connection = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Gateway.ManagementPort));
        await connection.WriteAsync($"GET /admin/info HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.Equal(status, (await RawAnswer.ReadAsync(connection, "GET")).Status);
    }

    /// <summary>Behind a proxy of this machine, whoever asks seems to be on this machine.</summary>
    [Theory]
    [InlineData("", 200)]
    [InlineData("X-Request-Id: 1", 200)]
    [InlineData("X-Forwarded-For: 203.0.113.9", 401)]
    [InlineData("X-Forwarded-Host: clinic.example", 401)]
    [InlineData("x_forwarded_proto: https", 401)]
    [InlineData("Forwarded: for=203.0.113.9", 401)]
    [InlineData("X-Real-IP: 127.0.0.1", 401)]
    [InlineData("Via: 1.1 edge", 401)]
    [InlineData("CF-Connecting-IP: 203.0.113.9", 401)]
    [InlineData("True-Client-IP: 203.0.113.9", 401)]
    [InlineData("X-Envoy-External-Address: 203.0.113.9", 401)]
    public async Task Reading_ThroughAProxy_NeedsTheToken(string field, int status)
    {
        await using var gateway = await ManagedGateway.StartAsync($"token = \"{Token}\"");
        foreach (var path in new[] { "/admin/config", "/admin/info", "/metrics", "/admin/openapi.json" })
        {
            Assert.Equal(status, await AskAsync(path, field));
            Assert.Equal(200, await AskAsync(path, $"{field}\r\nAuthorization: Bearer {Token}".TrimStart()));
        }

        Assert.Equal(200, await AskAsync("/admin/health/live", field));

        async Task<int> AskAsync(string path, string fields)
        {
            using var connection = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Gateway.ManagementPort));
            await connection.WriteAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(fields.Length == 0 ? "" : fields + "\r\n")}\r\n");
            return (await RawAnswer.ReadAsync(connection, "GET")).Status;
        }
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer 0123456789abcdef-tokem", 401)]
    [InlineData("Bearer 0123456789abcdef-token x", 401)]
    [InlineData("Basic 0123456789abcdef-token", 401)]
    [InlineData("Bearer 0123456789abcdef-token\r\nAuthorization: Bearer 0123456789abcdef-token", 401)]
    [InlineData("Bearer 0123456789abcdef-token", 200)]
    [InlineData("bearer 0123456789abcdef-token", 200)]
    public async Task Change_NeedsTheToken(string? authorization, int status)
    {
        await using var gateway = await ManagedGateway.StartAsync($"token = \"{Token}\"");
        using var connection = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Gateway.ManagementPort));
        var field = authorization is null ? "" : $"Authorization: {authorization}\r\n";
        await connection.WriteAsync($"POST /admin/reload HTTP/1.1\r\nHost: localhost\r\n{field}Content-Length: 0\r\n\r\n");
        var answer = await RawAnswer.ReadAsync(connection, "POST");
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 401, answer.Head.Contains("WWW-Authenticate: Bearer", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Mirth CVE-2023-43208: the answer comes while the body is still owed, so nobody has waited for it, let alone parsed it.</summary>
    [Fact]
    public async Task Body_OfNobody_IsNeverRead()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        foreach (var operation in new ManagementApi(new ManagementSection()).Operations.Where(o => o.Need == AccessNeed.Changing))
        {
            using var connection = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Gateway.ManagementPort));
            var path = operation.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            await connection.WriteAsync(
                $"{operation.Method} /admin/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n<!garbage{{");
            Assert.Equal(401, (await RawAnswer.ReadAsync(connection, operation.Method)).Status);
        }
    }

    /// <summary>Where others reach it: with a token, everything needs it but the words for probes.</summary>
    [Theory]
    [InlineData("info", 401)]
    [InlineData("metrics", 401)]
    [InlineData("config", 401)]
    [InlineData("nothing", 401)]
    [InlineData("health/live", 200)]
    [InlineData("health/ready", 200)]
    public async Task Network_ThatOthersReach_NeedsTheTokenForReading(string path, int status)
    {
        await using var gateway = await OpenAsync($"token = \"{Token}\"");
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{gateway.ManagementPort}/admin/"));
        Assert.Equal(status, (int)(await client.GetAsync(path)).StatusCode);
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Token}");
        client.DefaultRequestHeaders.Add("Host", "gateway.example");
        Assert.Equal(path == "nothing" ? 404 : 200, (int)(await client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Token_IsMadeOnceAndForTheGatewaysUserAlone()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var file = AdminToken.FileOf(gateway.Gateway.Host.Snapshot.Config)!;
        var token = await File.ReadAllTextAsync(file);
        Assert.Equal(65, token.Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        // The folders too, down from the one of the storage: what the umask leaves is for others to list.
        for (var folder = Path.GetDirectoryName(file)!; Path.GetFileName(folder) != "storage"; folder = Path.GetDirectoryName(folder)!)
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("reload")).Status);
        Assert.Equal(token, await File.ReadAllTextAsync(file));
    }

    /// <summary>Of two clients whom the same authority vouches for, one is an administrator.</summary>
    [Fact]
    public async Task Certificate_ThatIsNamed_IsProof()
    {
        var authority = TestAuthority.Create("clinic");
        await using var gateway = await OpenAsync("admin_certificates = [\"CN=ops\"]", g =>
        {
            using var server = authority.Issue("server", "gateway.example");
            g.Folder.Write("clients.pem", authority.Pem).Write("server.pem", server.ExportCertificatePem()).Write("server.key", TestAuthority.KeyOf(server));
            return "\ncert_path = \"server.pem\"\nkey_path = \"server.key\"\nclient_ca_path = \"clients.pem\"";
        });
        var address = new IPEndPoint(IPAddress.Loopback, gateway.ManagementPort);
        foreach (var (name, status) in new[] { ("ops", "200"), ("modality", "401") })
        {
            using var certificate = authority.IssueFor("1.3.6.1.5.5.7.3.2", name);
            using var client = await TlsPeer.ConnectAsync(address, "gateway.example", certificate);
            Assert.StartsWith($"HTTP/1.1 {status}", await client.GetAsync(path: "/admin/info"), StringComparison.Ordinal);
        }
    }

    private static Task<Reloading.ReloadingGateway> OpenAsync(string management, Func<Reloading.ReloadingGateway, string>? tcp = null)
        => Reloading.ReloadingGateway.StartAsync(g => g.Folder.Write("config.toml", g.Managed("one", management).Replace(
            $"bind_address = \"127.0.0.1\"\nbind_port = {g.ManagementPort}", $"bind_address = \"0.0.0.0\"\nbind_port = {g.ManagementPort}{tcp?.Invoke(g)}",
            StringComparison.Ordinal)));
}
