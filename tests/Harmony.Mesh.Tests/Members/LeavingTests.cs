using System.Net;
using Harmony.Testing;
using NSec.Cryptography;

namespace Harmony.Mesh.Tests.Members;

/// <summary>Two gateways: requests leave the one with a token and enter the other, and the token goes nowhere else.</summary>
public sealed class LeavingTests
{
    private const string Shared = "jwt_secret = \"a-mesh-secret-of-32-bytes-or-more\"";

    private static readonly string Ed25519 = KeyOf(SignatureAlgorithm.Ed25519);
    private static readonly string Ed25519Public = PublicOf(Ed25519);

    private static string KeyOf(SignatureAlgorithm algorithm)
    {
        using var key = Key.Create(algorithm, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return System.Text.Encoding.UTF8.GetString(key.Export(KeyBlobFormat.PkixPrivateKeyText));
    }

    private static string PublicOf(string pem)
    {
        using var key = Key.Import(SignatureAlgorithm.Ed25519, System.Text.Encoding.UTF8.GetBytes(pem), KeyBlobFormat.PkixPrivateKeyText);
        return System.Text.Encoding.UTF8.GetString(key.PublicKey.Export(KeyBlobFormat.PkixPublicKeyText));
    }

    private static Dictionary<string, string> Files => new(TestCertificate.Files)
    {
        ["rsa.pem"] = TestTokens.Rsa.ExportPkcs8PrivateKeyPem(),
        ["rsa.pub.pem"] = TestTokens.Rsa.ExportSubjectPublicKeyInfoPem(),
        ["ec.pem"] = TestTokens.Ec.ExportPkcs8PrivateKeyPem(),
        ["ec.pub.pem"] = TestTokens.Ec.ExportSubjectPublicKeyInfoPem(),
        ["ed.pem"] = Ed25519,
        ["ed.pub.pem"] = Ed25519Public,
    };

    private static string Inside(Uri origin, string keys = Shared, string service = "http", string host = "localhost") => $"""
        [proxy]
        name = "clinic-b"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        {TestCertificate.Toml}
        [pipelines.records]
        networks = ["main"]
        endpoints = ["records"]
        backends = ["ehr"]
        [pipelines.records.mesh.ingress.records]
        type = "http"
        mode = "mesh"
        urls = ["https://{host}/r4"]
        [endpoints.records]
        service = "{service}"
        options.path_prefix = "/inside"
        [backends.ehr]
        service = "http"
        options.base_url = "{origin.ToString().TrimEnd('/')}"
        [mesh.clinics]
        type = "http"
        provider = "local"
        ingress = ["records"]
        {keys}
        """;

    private static string Outside(string target, string url, string keys = Shared, string mode = "mesh", string service = "http", string options = "", string remote = "") => $"""
        [proxy]
        name = "clinic-a"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.outside]
        networks = ["main"]
        endpoints = ["outside"]
        backends = ["b"]
        [pipelines.outside.mesh.egress.to-b]
        type = "http"
        mode = "{mode}"
        [endpoints.outside]
        service = "{service}"
        options.path_prefix = "/out"
        [backends.b]
        service = "{service}"
        [backends.b.options]
        base_url = "{target}"
        ca_cert_path = "server.pem"
        {options}
        [remote_ingress.clinic-b]
        urls = ["{url}"]
        {remote}
        [mesh.clinics]
        type = "http"
        provider = "local"
        ingress = ["clinic-b"]
        egress = ["to-b"]
        {keys}
        """;

    private static string UrlOf(TestGateway gateway) => $"https://localhost:{gateway.UrlOf("main").Port}";

    private static async Task<HttpStatusCode> AskAsync(TestGateway gateway, string path, string? token = "of-the-client")
    {
        using var client = TestClient.Http1(gateway.UrlOf("main"));
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Guard.Token);
        return answer.StatusCode;
    }

    public static TheoryData<string, string> KeyPairs => new()
    {
        { Shared, Shared },
        { "jwt_private_key_path = \"rsa.pem\"", "jwt_public_key_path = \"rsa.pub.pem\"" },
        { "jwt_private_key_path = \"ed.pem\"", "jwt_public_key_path = \"ed.pub.pem\"" },
        { "jwt_private_key_path = \"ec.pem\"", "jwt_public_key_paths = [\"rsa.pub.pem\", \"ec.pub.pem\"]" },
        { "jwt_private_key_path = \"ed.pem\"", "members = { clinic-a = { public_key_path = \"ed.pub.pem\" } }" },
        { "jwt_private_key_path = \"ed.pem\"", "jwt_private_key_path = \"ed.pem\"" },
        { Shared + "\nreplay_protection = true", Shared + "\nreplay_protection = true" },
        { Shared + "\naudience = \"all\"", Shared + "\naudience = \"all\"" },
    };

    [Theory]
    [MemberData(nameof(KeyPairs))]
    public async Task Request_LeavesAndEnters(string signing, string verifying)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var inside = await TestGateway.StartAsync(Inside(origin.Url, verifying), Files);
        await using var outside = await TestGateway.StartAsync(Outside(UrlOf(inside) + "/r4", "https://localhost/r4", signing), Files);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await AskAsync(outside, "/out/Patient/1"));
        Assert.Equal([.. Enumerable.Repeat(("/Patient/1", (string?)null), 3)], origin.Asked);
        Assert.Equal(HttpStatusCode.Unauthorized, await StraightAsync(inside));
        Assert.Equal(3, origin.Asked.Count);
    }

    private static async Task<HttpStatusCode> StraightAsync(TestGateway inside)
    {
        using var client = TestClient.Http1(new Uri(UrlOf(inside)));
        return (await client.GetAsync(new Uri("/r4/Patient/1", UriKind.Relative), Guard.Token)).StatusCode;
    }

    [Theory]
    [InlineData("jwt_private_key_path = \"ed.pem\"", "jwt_public_key_path = \"rsa.pub.pem\"")]
    [InlineData("jwt_private_key_path = \"ed.pem\"", "members = { clinic-z = { public_key_path = \"ed.pub.pem\" } }")]
    [InlineData("jwt_private_key_path = \"ed.pem\"\nsubject = \"clinic-z\"",
        "members = { clinic-a = { public_key_path = \"ed.pub.pem\" }, clinic-z = { public_key_path = \"rsa.pub.pem\" } }")]
    [InlineData(Shared + "\nid = \"other\"", Shared)]
    [InlineData(Shared + "\nissuer = \"other\"", Shared)]
    [InlineData(Shared + "\naudience = \"clinic-c\"", Shared + "\naudience = \"clinic-b\"")]
    public async Task Request_OfAnotherMember_DoesNotEnter(string signing, string verifying)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var inside = await TestGateway.StartAsync(Inside(origin.Url, verifying), Files);
        await using var outside = await TestGateway.StartAsync(Outside(UrlOf(inside) + "/r4", "https://localhost/r4", signing), Files);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(outside, "/out/Patient/1"));
        Assert.Empty(origin.Asked);
    }

    [Fact]
    public async Task Audience_OfTheRemoteIngress_IsNamed()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var inside = await TestGateway.StartAsync(Inside(origin.Url, Shared + "\naudience = \"clinic-b\""), Files);
        await using var outside =
            await TestGateway.StartAsync(Outside(UrlOf(inside) + "/r4", "https://localhost/r4", remote: "audience = \"clinic-b\""), Files);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(outside, "/out/Patient/1"));
    }

    [Theory]
    [InlineData("fhir", "/out/Patient/1", "application/fhir+json", "{\"resourceType\":\"Patient\",\"id\":\"1\"}")]
    [InlineData("dicomweb", "/out/studies", "application/dicom+json", "[]")]
    [InlineData("http", "/out/any", "text/plain", "x")]
    public async Task EveryHttpService_LeavesWithAToken(string service, string path, string type, string body)
    {
        await using var origin = await CountedOrigin.StartAsync(type, body);
        await using var inside = await TestGateway.StartAsync(Inside(origin.Url, service: service), Files);
        await using var outside = await TestGateway.StartAsync(Outside(UrlOf(inside) + "/r4", "https://localhost/r4", service: service), Files);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(outside, path, token: null));
        Assert.Null(Assert.Single(origin.Asked).Authorization);
    }

    [Theory]
    [InlineData("https://other.example.org/r4")]
    [InlineData("http://127.0.0.1/elsewhere")]
    [InlineData("https://127.0.0.1/r4")]
    [InlineData("http://127.0.0.1:1/r4")]
    public async Task OtherUrls_GetNoToken_AndAre403ForMembersOnly(string url)
    {
        await using var origin = await CountedOrigin.StartAsync();
        var target = $"http://127.0.0.1:{origin.Url.Port}/r4";
        await using var strict = await TestGateway.StartAsync(Outside(target, url), Files);
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(strict, "/out/x"));
        Assert.Empty(origin.Asked);
        await using var open = await TestGateway.StartAsync(Outside(target, url, mode: "default"), Files);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(open, "/out/x"));
        Assert.Equal([("/r4/x", "Bearer of-the-client")], origin.Asked);
    }

    [Theory]
    [InlineData("/out/x", HttpStatusCode.OK)]
    [InlineData("/out", HttpStatusCode.OK)]
    [InlineData("/out/%2e%2e/admin", HttpStatusCode.Forbidden)]
    public async Task Url_IsJudgedAsItIsSent(string path, HttpStatusCode status)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Outside($"http://127.0.0.1:{origin.Url.Port}/r4", "http://127.0.0.1/r4"), Files);
        var answer = await gateway.SendRawAsync("GET", path);
        Assert.True(answer.Status == (int)status || (status != HttpStatusCode.OK && answer.Status is 400 or 404));
        Assert.All(origin.Asked, a => Assert.StartsWith("Bearer ey", a.Authorization, StringComparison.Ordinal));
    }

    /// <summary>A member's gateway lets no stranger ask whether it is well.</summary>
    [Fact]
    public async Task HealthChecks_CarryATokenToo()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var inside = await TestGateway.StartAsync(Inside(origin.Url), Files);
        await using var outside =
            await TestGateway.StartAsync(Outside(UrlOf(inside) + "/r4", "https://localhost/r4", options: "health_check = { path = \"/metadata\" }"), Files);
        await Guard.UntilAsync(() => origin.Asked.Contains(("/metadata", null)));

        await using var elsewhere = await CountedOrigin.StartAsync();
        await using var strict = await TestGateway.StartAsync(
            Outside($"http://127.0.0.1:{elsewhere.Url.Port}/r4", "https://localhost/r4", options: "health_check = { path = \"/metadata\" }"), Files);
        await Guard.UntilAsync(() => elsewhere.Asked.Contains(("/r4/metadata", null))); // no member, so there is no token for it
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(strict, "/out/x"));
        Assert.DoesNotContain(elsewhere.Asked, a => a.Path != "/r4/metadata");
    }

    [Fact]
    public async Task ATokenServes_UntilShortlyBeforeItEnds()
    {
        var clock = new TestTimeProvider();
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Outside($"http://127.0.0.1:{origin.Url.Port}/r4", "http://127.0.0.1/r4"), Files, clock);
        await AskAsync(gateway, "/out/1");
        clock.Advance(TimeSpan.FromSeconds(260));
        await AskAsync(gateway, "/out/2");
        clock.Advance(TimeSpan.FromSeconds(15));
        await AskAsync(gateway, "/out/3");
        var tokens = origin.Asked.Select(a => a.Authorization).ToList();
        Assert.Equal(3, tokens.Count);
        Assert.Equal(tokens[0], tokens[1]);
        Assert.NotEqual(tokens[1], tokens[2]);
    }

    [Fact]
    public async Task MeshWithoutAKeyThatSigns_Is503()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            Outside($"http://127.0.0.1:{origin.Url.Port}/r4", "http://127.0.0.1/r4", "jwt_public_key_path = \"ed.pub.pem\""), Files);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(gateway, "/out/1"));
        Assert.Empty(origin.Asked);
    }
}
