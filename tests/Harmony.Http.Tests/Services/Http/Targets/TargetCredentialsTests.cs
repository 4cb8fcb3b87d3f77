using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Targets;

public class TargetCredentialsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private const string Basic = "method = \"basic\"\noptions = { username = \"me\", password = \"pä:ss\" }";
    private const string Bearer = "method = \"bearer\"\noptions.token = \"s3cret\"";
    private const string None = "method = \"none\"";

    [Theory]
    [InlineData(Basic, "Authorization", "Basic bWU6cMOkOnNz")]
    [InlineData(Bearer, "Authorization", "Bearer s3cret")]
    [InlineData("method = \"api_key\"\noptions.api_key = \"k\"", "X-API-Key", "k")]
    [InlineData("method = \"api_key\"\noptions = { api_key = \"k\", header_name = \"Ocp-Key\" }", "Ocp-Key", "k")]
    [InlineData("method = \"basic\"\noptions.credentials_path = \"pair\"", "Authorization", "Basic bWU6aXQ6aXM=")]
    [InlineData("method = \"bearer\"\noptions.credentials_path = \"key\"", "Authorization", "Bearer fromfile")]
    [InlineData("method = \"api_key\"\noptions.credentials_path = \"key\"", "X-API-Key", "fromfile")]
    public async Task Authentication_OfBackend_IsSent(string authentication, string field, string value)
    {
        var files = new Dictionary<string, string> { ["pair"] = "me:it:is\n", ["key"] = "fromfile\r\n" };
        var head = await HeadSentAsync($"authentication = \"a\"\n[authentications.a]\n{authentication}", files);
        Assert.Equal([value], RawAnswer.FieldsOf(head, field));
    }

    [Theory]
    [InlineData("authentication = \"a\"", "a", "[targets.t]", "Bearer s3cret")]
    [InlineData("authentication = \"authentications.a\"", "a", "[targets.t]", "Bearer s3cret")]
    [InlineData("authentication_ref = \"a\"", "a", "[targets.t]", "Bearer s3cret")]
    [InlineData("", "a", "[targets.t]\nauthentication = \"a\"", "Bearer s3cret")]
    [InlineData("", "a", "[targets.t]\nauthentication = \"authentications.a\"", "Bearer s3cret")]
    [InlineData("authentication = \"other\"", "a", "[targets.t]\nauthentication = \"a\"", "Bearer other")]
    [InlineData("authentication = \"nothing\"", "a", "[targets.t]\nauthentication = \"a\"", "Bearer client")]
    [InlineData("authentication = \"none\"", "a", "[targets.t]\nauthentication = \"a\"", "Bearer client")]
    [InlineData("authentication = \"none\"", "none", "[targets.t]", "Bearer s3cret")]
    [InlineData("", "a", "[targets.t]", "Bearer client")]
    public async Task Authentication_OfBackendAndTarget_BackendsGoesOverTargets(string backend, string name, string target, string expected)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await BackendConfig.StartAsync($"""
            [backends.b]
            service = "http"
            target_ref = "t"
            {backend}
            {target}
            connection = {"{"} host = "127.0.0.1", port = {origin.Url.Port} {"}"}
            [authentications.{name}]
            {Bearer}
            [authentications.other]
            method = "bearer"
            options.token = "other"
            [authentications.nothing]
            {None}
            """);
        await gateway.SendRawAsync("GET", "/", "Authorization: Bearer client");
        Assert.Equal([expected], RawAnswer.FieldsOf(origin.Heads.Single(), "authorization"));
    }

    [Theory]
    [InlineData("method = \"api_key\"\noptions.api_key = \"k\"")]
    [InlineData(Basic)]
    public async Task ClientsAuthorization_BackendHasItsOwn_IsNotForwarded(string authentication)
    {
        var head = await HeadSentAsync($"authentication = \"a\"\n[authentications.a]\n{authentication}");
        Assert.DoesNotContain("Bearer client", head);
    }

    [Fact]
    public async Task ClientsApiKey_BackendHasItsOwn_IsReplaced()
    {
        var head = await HeadSentAsync("authentication = \"a\"\n[authentications.a]\nmethod = \"api_key\"\noptions.api_key = \"ours\"");
        Assert.Equal(["ours"], RawAnswer.FieldsOf(head, "x-api-key"));
    }

    [Theory]
    [InlineData("method = \"basic\"", "(4,1): error: authentication with method 'basic' needs 'username' in its options",
        "(4,1): error: authentication with method 'basic' needs 'password' in its options")]
    [InlineData("method = \"basic\"\noptions.username = \"me\"", "(4,1): error: authentication with method 'basic' needs 'password' in its options")]
    [InlineData("method = \"basic\"\noptions = { username = \"m:e\", password = \"s3cret\" }",
        "(6,24): error: a user name of method 'basic' cannot contain a colon (RFC 7617)")]
    [InlineData("method = \"basic\"\noptions.credentials_path = \"word\"", "(6,28): error: the file is not a single line user:password")]
    [InlineData("method = \"basic\"\noptions.credentials_path = \"nowhere\"", "(6,28): error: cannot read 'nowhere': no such file")]
    [InlineData("method = \"bearer\"", "(4,1): error: authentication with method 'bearer' needs 'token' in its options")]
    [InlineData("method = \"bearer\"\noptions.token = \"\"", "(4,1): error: authentication with method 'bearer' needs 'token' in its options")]
    [InlineData("method = \"bearer\"\noptions.token = \"s3\\r\\nX: cret\"",
        "(6,17): error: the value of 'token' has a space, line break or other character that a field cannot carry")]
    [InlineData("method = \"api_key\"\noptions.credentials_path = \"lines\"",
        "(6,28): error: the value of 'api_key' has a space, line break or other character that a field cannot carry")]
    [InlineData("method = \"api_key\"", "(4,1): error: authentication with method 'api_key' needs 'api_key' in its options")]
    [InlineData("method = \"api_key\"\noptions = { api_key = \"s3cret\", header_name = \"X Key\" }",
        "(6,47): error: 'X Key' is not the name of a field that can carry a key, such as X-API-Key")]
    [InlineData("method = \"api_key\"\noptions = { api_key = \"s3cret\", header_name = \"Host\" }",
        "(6,47): error: 'Host' is not the name of a field that can carry a key, such as X-API-Key")]
    [InlineData("method = \"jwt\"", "(5,10): error: method 'jwt' cannot authenticate backend 'b' to its target; use basic, bearer, api_key or mutual_tls")]
    [InlineData(
        "method = \"mutual_tls\"", "(1,14): error: 'b' authenticates by mutual_tls and needs an https address, 'client_cert_path' and 'client_key_path'")]
    public async Task Authentication_Incomplete_IsOneErrorForEachMistake(string authentication, params string[] expected)
    {
        var files = new Dictionary<string, string> { ["word"] = "s3cret", ["lines"] = "s3\ncret" };
        var backend = "backends.b = { service = \"http\", authentication = \"a\", options.base_url = \"http://a\" }\n\n";
        Assert.Equal(expected, await BackendConfig.ProblemsAsync($"{backend}\n[authentications.a]\n{authentication}", files));
    }

    [Fact]
    public async Task Authentication_Unknown_IsOneError()
        => Assert.Equal(["(3,18): error: authentication 'nobody' is not defined; it needs a table [authentications.nobody]"],
            await BackendConfig.ProblemsAsync("[backends.b]\nservice = \"http\"\nauthentication = \"nobody\"\noptions.base_url = \"http://a\""));

    [Fact]
    public async Task Headers_SetWhatAuthenticationSets_IsAnError()
        => Assert.Equal(["(5,11): error: 'headers' of backend 'b' sets 'authorization', which its authentication sets; keep one"],
            await BackendConfig.ProblemsAsync($"[backends.b]\nservice = \"http\"\nauthentication = \"a\"\n[backends.b.options]\nheaders = {{ authorization = "
                + $"\"s3cret\" }}\nbase_url = \"http://a\"\n[authentications.a]\n{Bearer}"));

    private static async Task<string> HeadSentAsync(string authentication, IReadOnlyDictionary<string, string>? files = null)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway =
            await BackendConfig.StartAsync($"[backends.b]\nservice = \"http\"\noptions.base_url = \"{origin.Url}\"\n{authentication}", files);
        await gateway.SendRawAsync("GET", "/", "Authorization: Bearer client", "X-API-Key: client");
        return origin.Heads.Single();
    }
}
