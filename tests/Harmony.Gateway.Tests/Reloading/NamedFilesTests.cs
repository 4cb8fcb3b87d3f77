using System.Net;
using System.Text;
using Harmony.Access.Authentication;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Harmony.Gateway.Tests.Reloading;

/// <summary>Files that options name count as the configuration itself: a change is taken over, and one that cannot be used is refused.</summary>
public sealed class NamedFilesTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("authority");

    public static TheoryData<string, string, string, string, string> Credentials => new()
    {
        { "type = \"basic_auth\"\noptions.users_file = \"secret\"", User("ann"), User("bob"), Basic("ann"), Basic("bob") },
        { "type = \"basic_auth\"\noptions.credentials_path = \"secret\"", "ann:secret-of-ann", "bob:secret-of-bob", Basic("ann"), Basic("bob") },
        { "type = \"api_key\"\noptions.keys_file = \"secret\"", "ann:0123456789abcdef-ann", "bob:0123456789abcdef-bob", "X-API-Key: 0123456789abcdef-ann",
            "X-API-Key: 0123456789abcdef-bob" },
    };

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task Credentials_Replaced_CountForTheNextRequest_BrokenOnesNever(string middleware, string first, string second, string one, string two)
    {
        await using var gateway = await ReloadingGateway.StartAsync(g => g.Folder
            .Write("secret", first + "\n")
            .Write("config.toml", g.Config("x").Replace("backends = [\"answer\"]", "backends = [\"answer\"]\nmiddleware = [\"auth\"]", StringComparison.Ordinal)
                + $"\n[middleware.auth]\n{middleware}\n"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await GetAsync(gateway, one), await GetAsync(gateway, two)));

        gateway.Folder.Write("secret", second + "\n");
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await GetAsync(gateway, one), await GetAsync(gateway, two)));

        gateway.Folder.Write("secret", "no line of that kind\n");
        var refused = await gateway.NextAttemptAsync();
        Assert.False(refused.LastSucceeded);
        Assert.Contains("secret", Assert.Single(refused.LastProblems).ToString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await GetAsync(gateway, one), await GetAsync(gateway, two)));
    }

    /// <summary>What is taken out of a file is out of force, whatever else is wrong with the configuration, that file included.</summary>
    [Theory]
    [InlineData("users", "ann:0")] // a mistake in a file of another middleware
    [InlineData("config.toml", "[proxy")] // no TOML: nothing is built, so no file of credentials is even looked at
    [InlineData("pipelines/new.toml", "[pipelines.new]\nendpoints = [\"nowhere\"]\n")]
    [InlineData("keys", "a line of another kind")]
    public async Task Credentials_Withdrawn_AreOutOfForce_WhateverElseIsWrong(string file, string mistake)
    {
        const string north = "north:0123456789abcdef-north", south = "south:0123456789abcdef-south";
        await using var gateway = await ReloadingGateway.StartAsync(g => g.Folder
            .Write("users", User("ann") + "\n")
            .Write("keys", $"{north}\n{south}\n")
            .Write(
                "pipelines/other.toml", ReloadingGateway.Pipeline("other", "other")
                    .Replace("backends = [\"other\"]", "backends = [\"other\"]\nmiddleware = [\"staff\"]", StringComparison.Ordinal)
                        + "\n[middleware.staff]\ntype = \"basic_auth\"\noptions.users_file = \"users\"\n")
            .Write("config.toml", g.Config("x").Replace("backends = [\"answer\"]", "backends = [\"answer\"]\nmiddleware = [\"auth\"]", StringComparison.Ordinal)
                + "\n[middleware.auth]\ntype = \"api_key\"\noptions.keys_file = \"keys\"\n"));
        var (one, two) = ("X-API-Key: 0123456789abcdef-north", "X-API-Key: 0123456789abcdef-south");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await GetAsync(gateway, one), await GetAsync(gateway, two)));

        gateway.Folder.Write(file, file == "keys" ? $"{north}\n{south}\n{mistake}\n" : mistake);
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await GetAsync(gateway, one), await GetAsync(gateway, two)));

        gateway.Folder.Write("keys", file == "keys" ? $"{south}\n{mistake}\n" : $"{south}\n");
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await GetAsync(gateway, one), await GetAsync(gateway, two)));

        File.Delete(gateway.PathOf("keys"));
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await GetAsync(gateway, one), await GetAsync(gateway, two)));
    }

    [Fact]
    public async Task Passwords_Withdrawn_AreForgotten_WhileTheConfigurationHasAMistake()
    {
        await using var gateway = await ReloadingGateway.StartAsync(g => g.Folder
            .Write("users", $"{User("ann")}\n{User("bob")}\n")
            .Write("config.toml", g.Config("x").Replace("backends = [\"answer\"]", "backends = [\"answer\"]\nmiddleware = [\"auth\"]", StringComparison.Ordinal)
                + "\n[middleware.auth]\ntype = \"basic_auth\"\noptions.users_file = \"users\"\n"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await GetAsync(gateway, Basic("ann")), await GetAsync(gateway, Basic("bob"))));
        gateway.Folder.Write("config.toml", "[proxy");
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        gateway.Folder.Write("users", $"{User("bob")}\neve:$2y$05$abcdefghijklmnopqrstuv\n");
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await GetAsync(gateway, Basic("ann")), await GetAsync(gateway, Basic("bob"))));
    }

    [Fact]
    public async Task ClientCertificateOfABackend_Replaced_IsShownOnNewConnections()
    {
        await using var origin = await KestrelOrigin.StartTlsAsync(
            tls =>
            {
                tls.ServerCertificate = Authority.Issue("origin", "localhost");
                tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                tls.ClientCertificateValidation = (certificate, chain, _) => Authority.Vouches(certificate, chain);
            },
            context => context.Response.WriteAsync(context.Connection.ClientCertificate!.Subject));
        await using var gateway = await ReloadingGateway.StartAsync(g =>
        {
            Write(g, "first");
            g.Folder.Write("ca.pem", Authority.Pem).Write("config.toml", g.Config("x").Replace("service = \"echo\"", $$"""
                service = "http"
                options = { base_url = "https://localhost:{{origin.Url.Port}}", ca_cert_path = "ca.pem", client_cert_path = "client.pem", client_key_path = "client.key" }
                """, StringComparison.Ordinal));
        });
        Assert.Equal("CN=first", await BodyAsync(gateway));

        gateway.Folder.Write("client.key", TestAuthority.KeyOf(Authority.Issue("another")));
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal("CN=first", await BodyAsync(gateway));

        Write(gateway, "second");
        // the first came between the two files
        if (!(await gateway.NextAttemptAsync()).LastSucceeded) Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);

        Assert.Equal("CN=second", await BodyAsync(gateway));
    }

    private static string User(string name)
        => $"{name}:{PasswordHash.Create(Encoding.UTF8.GetBytes("secret-of-" + name), PasswordHash.MinIterations).ToText()}";

    private static string Basic(string name) => "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:secret-of-{name}"));

    private static void Write(ReloadingGateway gateway, string name)
    {
        var certificate = Authority.Issue(name);
        gateway.Folder.Write("client.pem", certificate.ExportCertificatePem()).Write("client.key", TestAuthority.KeyOf(certificate));
    }

    private static async Task<string> BodyAsync(ReloadingGateway gateway)
    {
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{gateway.Port}"));
        return await client.GetStringAsync("/x");
    }

    private static async Task<HttpStatusCode> GetAsync(ReloadingGateway gateway, string field)
    {
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{gateway.Port}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/x");
        request.Headers.TryAddWithoutValidation(field.Split(": ")[0], field.Split(": ")[1]);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
