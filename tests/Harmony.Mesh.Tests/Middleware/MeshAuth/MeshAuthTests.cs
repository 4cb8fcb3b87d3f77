using System.Security.Cryptography;
using System.Text;
using Harmony.Testing;
using Harmony.Testing.Runbeam;

namespace Harmony.Mesh.Tests.Middleware.MeshAuth;

/// <summary>The middleware in a pipeline that no ingress or egress names.</summary>
public sealed class MeshAuthTests
{
    private const string Secret = "a-mesh-secret-of-32-bytes-or-more";

    private const string Mesh = $"""

        [mesh.clinics]
        type = "http"
        provider = "local"
        jwt_secret = "{Secret}"
        ingress = ["b"]
        [remote_ingress.b]
        urls = ["http://127.0.0.1/r4"]
        """;

    private static string Config(Uri origin, string options, string mesh = Mesh) => new OnePipeline("b") { Middleware = "\"m\"" }.ToToml() + $"""

        [middleware.m]
        type = "mesh_auth"
        [middleware.m.options]
        {options}
        [backends.b]
        service = "http"
        options.base_url = "{origin.ToString().TrimEnd('/')}"
        """ + mesh;

    private static string Token(string mesh = "clinics", string secret = Secret)
        => TestTokens.Hs256(TestTokens.Claims(TimeProvider.System, ("iss", mesh), ("mesh_id", mesh), ("aud", null)), Encoding.UTF8.GetBytes(secret));

    [Theory]
    [InlineData("", 401, 200)]
    [InlineData("required = true", 401, 200)]
    [InlineData("required = false", 200, 200)]
    [InlineData("direction = \"ingress\"\nmesh_name = \"clinics\"", 401, 200)]
    [InlineData("mesh_id = \"other\"", 401, 401)]
    [InlineData("audience = \"me\"", 401, 401)]
    [InlineData("jwt_secret = \"another-secret-of-32-bytes-or-more\"", 401, 401)]
    public async Task Ingress_JudgesTokens(string options, int without, int with)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, options));
        Assert.Equal(without, (await gateway.SendRawAsync("GET", "/x")).Status);
        Assert.Equal(with, (await gateway.SendRawAsync("GET", "/x", $"Authorization: Bearer {Token()}")).Status);
        Assert.Equal(401, (await gateway.SendRawAsync("GET", "/x", $"Authorization: Bearer {Token(secret: "wrong-secret-of-32-bytes-or-more-x")}")).Status);
        Assert.All(origin.Asked, a => Assert.Null(a.Authorization));
    }

    [Fact]
    public async Task Ingress_NeedsNoMeshWithKeysOfItsOwn()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, $"mesh_name = \"free\"\njwt_secret = \"{Secret}\"", mesh: ""));
        Assert.Equal(401, (await gateway.SendRawAsync("GET", "/x", $"Authorization: Bearer {Token()}")).Status);
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/x", $"Authorization: Bearer {Token("free")}")).Status);
    }

    private static string RsaToken(RSA key, string kid = "one", string mesh = "free")
        => TestTokens.Rs256(TestTokens.Claims(TimeProvider.System, ("iss", mesh), ("mesh_id", mesh), ("aud", null)), key, kid);

    private static async Task<int> StatusAsync(TestGateway gateway, string token)
        => (await gateway.SendRawAsync("GET", "/x", $"Authorization: Bearer {token}")).Status;

    [Fact]
    public async Task JwksUrl_HasTheKeysThatVerify()
    {
        await using var keys = await CountedOrigin.StartAsync("application/json", $$"""{"keys":[{{TestTokens.Jwk(TestTokens.Rsa, "one")}}]}""");
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, $"mesh_name = \"free\"\njwks_url = \"{keys.Url}keys\"", mesh: ""));
        Assert.Equal(200, await StatusAsync(gateway, RsaToken(TestTokens.Rsa)));
        Assert.Equal(200, await StatusAsync(gateway, RsaToken(TestTokens.Rsa)));
        Assert.Equal(401, await StatusAsync(gateway, RsaToken(TestTokens.OtherRsa)));
        Assert.Equal(401, await StatusAsync(gateway, RsaToken(TestTokens.OtherRsa, "two")));
        Assert.Equal(401, await StatusAsync(gateway, RsaToken(TestTokens.Rsa, mesh: "other")));
        Assert.Equal(401, await StatusAsync(gateway, Token("free")));
        Assert.Equal(401, (await gateway.SendRawAsync("GET", "/x")).Status);
        Assert.Equal(2, origin.Asked.Count);
        Assert.All(keys.Asked, a => Assert.Equal(("/keys", null), a));
    }

    /// <summary>The keys of the mesh itself do not count beside a <c>jwks_url</c>, nor does anything before they have been fetched.</summary>
    [Fact]
    public async Task JwksUrl_ThatGivesNoKeys_LetsNobodyIn()
    {
        await using var keys = await CountedOrigin.StartAsync("application/json", "{}");
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, $"jwks_url = \"{keys.Url}keys\""));
        Assert.Equal(503, await StatusAsync(gateway, RsaToken(TestTokens.Rsa, mesh: "clinics")));
        Assert.True(await StatusAsync(gateway, Token()) is 401 or 503);
        Assert.Empty(origin.Asked);
    }

    /// <summary>A mesh of the provider, with or without a table of its own: its keys verify, and no others.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(Mesh)]
    public async Task Provider_HasTheKeysThatVerify(string mesh)
    {
        await using var stand = await RunbeamStand.StartAsync();
        await using var origin = await CountedOrigin.StartAsync();
        var provider = $"\n[provider.runbeam]\napi = \"{stand.Url}\"\n";
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, "mesh_name = \"clinics\"\nprovider = \"runbeam\"", mesh + provider));
        Assert.Equal(200, await StatusAsync(gateway, stand.UserToken(("iss", "clinics"), ("mesh_id", "clinics"), ("aud", null))));
        Assert.Equal(401, await StatusAsync(gateway, stand.UserToken(("iss", "clinics"), ("mesh_id", "other"), ("aud", null))));
        Assert.Equal(401, await StatusAsync(gateway, Token()));
        Assert.Equal(401, await StatusAsync(gateway, RsaToken(TestTokens.Rsa, mesh: "clinics")));
        Assert.Single(origin.Asked);
    }

    [Fact]
    public async Task Provider_ThatIsNotThere_ClosesThePipeline()
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url, "provider = \"runbeam\""));
        Assert.Equal(503, await StatusAsync(gateway, Token()));
        Assert.Empty(origin.Asked);
    }

    [Theory]
    [InlineData("", "/r4", true, 200)]
    [InlineData("", "/elsewhere", false, 200)]
    [InlineData("required = true", "/elsewhere", false, 403)]
    [InlineData("destination_url = \"http://127.0.0.1/elsewhere\"", "/elsewhere", true, 200)]
    public async Task Egress_GivesATokenToMembersOnly(string options, string path, bool hasToken, int status)
    {
        await using var origin = await CountedOrigin.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Config(new Uri(origin.Url, path), "direction = \"egress\"\n" + options));
        Assert.Equal(status, (await gateway.SendRawAsync("GET", "/x")).Status);
        if (status == 403) Assert.Empty(origin.Asked);
        else Assert.Equal(hasToken, Assert.Single(origin.Asked).Authorization is not null);
    }

    [Theory]
    [InlineData("mesh_name = \"clinic\"", "did you mean 'clinics'?")]
    [InlineData("jwt_secret = \"short\"", "needs at least 32")]
    [InlineData("direction = \"egress\"\ndestination_url = \"here\"", "is not a URL of http or https")]
    [InlineData("destinaton_url = \"http://127.0.0.1\"", "did you mean 'destination_url'?")]
    public async Task Mistake_IsTold(string options, string expected)
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => TestGateway.StartAsync(Config(new Uri("http://127.0.0.1:1"), options)));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAMesh_TheNameIsAskedFor()
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => TestGateway.StartAsync(Config(new Uri("http://127.0.0.1:1"), "", mesh: "")));
        Assert.Contains("must say which mesh it is for", mistake.Message, StringComparison.Ordinal);
    }
}
