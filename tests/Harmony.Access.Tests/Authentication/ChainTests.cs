using Harmony.Testing;

namespace Harmony.Access.Tests.Authentication;

/// <summary>Several steps in one chain, and what stands before them.</summary>
public class ChainTests
{
    private const string Steps = """
        [middleware.jwt]
        type = "jwt_auth"
        options = { use_hs256 = true, hs256_secret = "a-shared-secret-of-32-bytes-or-more", optional = true }
        [middleware.key]
        type = "api_key"
        options = { keys = { viewer = "0123456789abcdef-viewer" }, optional = true }
        [middleware.basic]
        type = "basic_auth"
        options = { username = "ann", password = "geheim" }
        """;

    private static readonly string Bearer = $"Authorization: Bearer {TestTokens.Hs256(TestTokens.Claims(TimeProvider.System))}";

    [Theory]
    [InlineData(401)]
    [InlineData(200, "jwt")]
    [InlineData(200, "key")]
    [InlineData(200, "basic")]
    [InlineData(200, "jwt", "key")]
    [InlineData(200, "key", "basic")]
    [InlineData(401, "bad jwt")]
    [InlineData(401, "bad jwt", "key")]
    [InlineData(401, "bad key", "basic")]
    [InlineData(401, "bad basic")]
    public async Task OptionalSteps_OneOfThemHasToAccept(int status, params string[] shown)
    {
        await using var guarded = await Guarded.StartAsync(Steps, "\"jwt\", \"key\", \"basic\"");
        var answer = await guarded.GetAsync([.. shown.Select(Field)]);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, guarded.Seen.Count);
    }

    [Fact]
    public async Task OptionalSteps_NobodyAccepts_EveryChallengeIsTold()
    {
        await using var guarded = await Guarded.StartAsync(Steps, "\"jwt\", \"key\", \"basic\"");
        var answer = await guarded.GetAsync();
        Assert.Equal(["Bearer realm=\"harmony\"", "ApiKey realm=\"harmony\"", "Basic realm=\"harmony\", charset=\"UTF-8\""], answer["www-authenticate"]);
        Assert.Contains("Credentials are missing or not valid.", answer.Body, StringComparison.Ordinal);
    }

    /// <summary>Two steps that are not optional are both needed, also when the first has an alternative.</summary>
    [Theory]
    [InlineData(200, "key", "basic")]
    [InlineData(401, "key")]
    [InlineData(401, "basic")]
    [InlineData(200, "jwt", "key")]
    [InlineData(401, "jwt")]
    public async Task MandatoryStep_BehindAlternatives_IsStillNeeded(int status, params string[] shown)
    {
        var steps = Steps.Replace(", optional = true }\n[middleware.basic]", " }\n[middleware.basic]", StringComparison.Ordinal);
        await using var guarded = await Guarded.StartAsync(steps, "\"jwt\", \"basic\", \"key\"");
        Assert.Equal(status, (await guarded.GetAsync([.. shown.Select(Field)])).Status);
    }

    /// <summary>threats.md, "authentication strictly before body parsing".</summary>
    [Theory]
    [InlineData(false, 401, 0)]
    [InlineData(true, 400, 1)]
    public async Task UnauthenticatedGarbage_IsNeverParsedAndReachesNobody(bool isAuthenticated, int status, int parsed)
    {
        await using var guarded = await Guarded.StartAsync(Steps, "\"basic\", \"reader\"");
        var credentials = isAuthenticated ? Field("basic") + "\r\n" : "";
        var answer = await guarded.Gateway.SendRawAsync(
            $"POST / HTTP/1.1\r\nHost: g\r\n{credentials}Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{{\"a\":<!D");
        Assert.Equal((status, parsed, 0), (answer.Status, guarded.Parsed, guarded.Seen.Count));
    }

    [Theory]
    [InlineData("\"jwt\", \"key\"", "every authentication of pipeline 'p' is optional")]
    [InlineData("\"reader\", \"basic\"", "middleware 'reader' of pipeline 'p' reads the body of requests before 'basic' knows who sends them")]
    [InlineData("\"basic\", \"reader\"", null)]
    [InlineData("\"jwt\", \"basic\"", null)]
    public async Task Order_ThatLooksGuardedAndIsNot_IsWarnedAbout(string chain, string? warning)
    {
        var problems = await WarningsOfAsync(chain);
        if (warning is null) Assert.DoesNotContain(problems, p => p.Contains("pipeline 'p'", StringComparison.Ordinal));
        else Assert.Contains(problems, p => p.Contains(warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Identity_OfAllSteps_IsThereForTheBackend()
    {
        await using var guarded = await Guarded.StartAsync(Steps.Replace(", optional = true", "", StringComparison.Ordinal), "\"jwt\", \"key\"");
        Assert.Equal(200, await guarded.StatusAsync(Bearer, Field("key")));
        Assert.Equal("viewer", guarded.Last.Identity!.Subject);
        Assert.Equal("ann", guarded.Last.Metadata["jwt.sub"]);
        Assert.Equal("viewer", guarded.Last.Metadata["api_key.name"]);
    }

    private static string Field(string shown) => shown switch
    {
        "jwt" => Bearer,
        "bad jwt" => Bearer[..^4] + "AAAA",
        "key" => "X-API-Key: 0123456789abcdef-viewer",
        "bad key" => "X-API-Key: 0123456789abcdef-nobody",
        "basic" => "Authorization: Basic YW5uOmdlaGVpbQ==",
        _ => "Authorization: Basic YW5uOmdlaGVpbg==",
    };

    /// <summary>An unknown backend makes an error of the configuration, with which its warnings are told.</summary>
    private static async Task<string[]> WarningsOfAsync(string chain)
        => (await Guarded.ErrorsOfAsync(Steps + "\n[middleware.broken]\ntype = \"nothing\"", chain: chain + ", \"broken\"")).Split('\n');
}
