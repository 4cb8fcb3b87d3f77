using Harmony.Access.Tests.Authentication;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.ApiKey;

public class ApiKeyMiddlewareTests
{
    /// <summary>The second is given by the SHA-256 of <c>lab-key-0123456789</c>.</summary>
    private const string Toml = """
        [middleware.auth]
        type = "api_key"
        [middleware.auth.options]
        query_param = "key"
        [middleware.auth.options.keys]
        viewer = "viewer-key-0123456789"
        lab = "sha256:DIGEST"
        """;

    private static readonly string Config = Toml.Replace(
        "DIGEST",
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("lab-key-0123456789"u8)), StringComparison.Ordinal);

    [Theory]
    [InlineData("/", "X-API-Key: viewer-key-0123456789", "viewer")]
    [InlineData("/", "x-api-key: lab-key-0123456789", "lab")]
    [InlineData("/?a=1&key=lab-key-0123456789&b=%20", "X-A: 1", "lab")]
    [InlineData("/", "X-API-Key: viewer-key-012345678", null)]
    [InlineData("/", "X-API-Key:", null)]
    [InlineData("/?key=", "X-A: 1", null)]
    [InlineData("/?KEY=lab-key-0123456789", "X-A: 1", null)]
    [InlineData("/?key=lab-key-0123456789&key=x", "X-A: 1", null)]
    [InlineData("/?key=lab-key-0123456789", "X-API-Key: lab-key-0123456789", null)]
    [InlineData("/", "Authorization: Bearer lab-key-0123456789", null)]
    public async Task Key_InFieldOrQuery_PassesOrNot(string target, string field, string? name)
    {
        await using var guarded = await Guarded.StartAsync(Config);
        var answer = await guarded.Gateway.SendRawAsync("GET", target, field);
        Assert.Equal(name is null ? 401 : 200, answer.Status);
        guarded.AssertNotLogged("key-01234");
        if (name is null)
        {
            Assert.Equal(("ApiKey realm=\"harmony\"", 0), (answer["www-authenticate"].Single(), guarded.Seen.Count));
            return;
        }

        Assert.Equal((name, name), (guarded.Last.Identity!.Subject, guarded.Last.Metadata["api_key.name"]));
        Assert.Null(guarded.Last.Headers["x-api-key"]);
        Assert.Equal(target.Contains('?', StringComparison.Ordinal) ? "a=1&b=%20" : "", guarded.Last.Query);
        Assert.DoesNotContain("key=", guarded.Last.Metadata["path_with_query"], StringComparison.Ordinal);
    }

    /// <summary>Servers that read underscores as hyphens would take the one for the other.</summary>
    [Theory]
    [InlineData("X-API-Key: viewer-key-0123456789", "X_API_Key: forged")]
    [InlineData("x-api-key: viewer-key-0123456789", "X-API_KEY: forged")]
    [InlineData("X-Other: 1", "x_api_key: forged")]
    public async Task Key_InAnotherSpelling_IsNotForwarded(string field, string forged)
    {
        await using var guarded = await Guarded.StartAsync(Config.Replace("query_param", "optional = true\nquery_param", StringComparison.Ordinal));
        Assert.Equal(200, await guarded.StatusAsync(field, forged));
        Assert.DoesNotContain(guarded.Last.Headers, f => f.Name.Contains("api", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task ForwardCredentials_LeavesTheKey()
    {
        await using var guarded = await Guarded.StartAsync(Config.Replace("query_param", "forward_credentials = true\nquery_param", StringComparison.Ordinal));
        await guarded.GetAsync("X-API-Key: viewer-key-0123456789");
        Assert.Equal("viewer-key-0123456789", guarded.Last.Headers["x-api-key"]);
    }

    [Fact]
    public async Task AuthenticationReference_WithAKeysFile_GivesFieldAndKeys()
    {
        var files = new Dictionary<string, string> { ["keys"] = "# partners\nnorth:north-key-0123456789\nsouth:south-key-0123456789\n" };
        const string toml = """
            [authentications.partners]
            method = "api_key"
            options = { header_name = "X-Partner", keys_file = "keys", api_key = "main-key-0123456789" }
            [middleware.auth]
            type = "api_key"
            authentication = "partners"
            """;
        await using var guarded = await Guarded.StartAsync(toml, files: files);
        Assert.Equal(200, await guarded.StatusAsync("X-Partner: south-key-0123456789"));
        Assert.Equal("south", guarded.Last.Identity!.Subject);
        Assert.Equal(200, await guarded.StatusAsync("X-Partner: main-key-0123456789"));
        Assert.Equal("auth", guarded.Last.Identity!.Subject);
        Assert.Equal(401, await guarded.StatusAsync("X-API-Key: south-key-0123456789"));
    }

    [Theory]
    [InlineData("", "config.toml(1,1): error: middleware 'auth' has no key to accept")]
    [InlineData("api_key = \"\"", "is empty or has a space")]
    [InlineData("keys = { a = \"sha256:12\" }", "64 hexadecimal digits")]
    [InlineData("keys = { a = \"0123456789abcdef\", b = \"0123456789abcdef\" }", "the key 'b' is the same as 'a'")]
    [InlineData("api_key = \"short\"\nheader_name = \"a b\"", "has fewer than 16 characters")]
    [InlineData("api_key = \"0123456789abcdef\"\nheader_name = \"a b\"", "'a b' is not the name of a field")]
    [InlineData("keys_file = \"nowhere\"", "cannot read 'nowhere': no such file")]
    public async Task Options_Incomplete_AreErrorsAtStart(string options, string said)
    {
        var problems = await Guarded.ErrorsOfAsync("[middleware.auth]\ntype = \"api_key\"\n[middleware.auth.options]\n" + options);
        Assert.Contains(said, problems, StringComparison.Ordinal);
    }
}
