using System.Text;
using Harmony.Access.Authentication;
using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Access.Tests.Authentication;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.BasicAuth;

public class BasicAuthMiddlewareTests
{
    private const string Password = "geheim:ß";

    private static readonly string Hash = PasswordHash.Create(Encoding.UTF8.GetBytes(Password), 1000).ToText();

    private const string Plain = "[middleware.auth]\ntype = \"basic_auth\"\n[middleware.auth.options]\nusername = \"ann\"\npassword = \"geheim:ß\"\n";

    private static string Hashed
        => $"[middleware.auth]\ntype = \"basic_auth\"\n[middleware.auth.options]\nusername = \"ann\"\npassword_hash = '{Escaped(Hash)}'\n";

    /// <summary>A dollar sign as TOML of ours has it.</summary>
    private static string Escaped(string hash) => hash.Replace("$", "$$", StringComparison.Ordinal);

    private static string Pair(string pair) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    public static TheoryData<string, int, string[]> Requests => new()
    {
        { "right", 200, [$"Authorization: Basic {Pair("ann:geheim:ß")}"] },
        { "scheme in other case (RFC 7617 §2)", 200, [$"Authorization: bAsIc  {Pair("ann:geheim:ß")}"] },
        { "none", 401, [] },
        { "wrong password", 401, [$"Authorization: Basic {Pair("ann:geheim")}"] },
        { "longer password", 401, [$"Authorization: Basic {Pair("ann:geheim:ß1")}"] },
        { "empty password", 401, [$"Authorization: Basic {Pair("ann:")}"] },
        { "unknown user", 401, [$"Authorization: Basic {Pair("bob:geheim:ß")}"] },
        { "user in other case", 401, [$"Authorization: Basic {Pair("Ann:geheim:ß")}"] },
        { "no colon", 401, [$"Authorization: Basic {Pair("ann")}"] },
        { "no base64", 401, ["Authorization: Basic ann:geheim"] },
        { "nothing behind the scheme", 401, ["Authorization: Basic"] },
        { "another scheme", 401, [$"Authorization: BasicX {Pair("ann:geheim:ß")}"] },
        { "a token where none is configured", 401, ["Authorization: Bearer geheim"] },
        { "space inside", 401, [$"Authorization: Basic {Pair("ann:geheim:ß").Insert(4, " ")}"] },
        { "tab inside", 401, [$"Authorization: Basic {Pair("ann:geheim:ß").Insert(4, "\t")}"] },
        { "too long", 401, [$"Authorization: Basic {Pair(new string('a', 3000) + ":b")}"] },
        { "twice", 401, [$"Authorization: Basic {Pair("ann:geheim:ß")}", $"Authorization: Basic {Pair("ann:geheim:ß")}"] },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_WithCredentials_PassesOrNot(string what, int status, string[] fields)
    {
        foreach (var toml in (string[])[Plain, Hashed])
        {
            await using var guarded = await Guarded.StartAsync(toml);
            var answer = await guarded.GetAsync(fields);
            Assert.True(status == answer.Status, what);
            Assert.Equal(status == 200 ? 1 : 0, guarded.Seen.Count);
            if (status != 200) Assert.Equal("Basic realm=\"harmony\", charset=\"UTF-8\"", answer["www-authenticate"].Single());
            guarded.AssertNotLogged("geheim");
            foreach (var field in fields) guarded.AssertNotLogged(field.Split(' ')[^1]);
        }
    }

    [Fact]
    public async Task Request_Accepted_HasIdentityAndNoPasswordForTheBackend()
    {
        await using var guarded = await Guarded.StartAsync(Plain);
        await guarded.GetAsync($"Authorization: Basic {Pair("ann:geheim:ß")}");
        Assert.Equal(("basic", "ann", "ann"), (guarded.Last.Identity!.Method, guarded.Last.Identity.Subject, guarded.Last.Metadata["basic.user"]));
        Assert.Null(guarded.Last.Headers["authorization"]);

        await using var forwarding = await Guarded.StartAsync(Plain + "forward_credentials = true");
        await forwarding.GetAsync($"Authorization: Basic {Pair("ann:geheim:ß")}");
        Assert.NotNull(forwarding.Last.Headers["authorization"]);
    }

    [Fact]
    public async Task SlowHash_IsPaidOnce()
    {
        // So slow that a second computation for each of the requests would take a minute.
        var hash = PasswordHash.Create("geheim"u8, 600_000).ToText();
        await using var guarded =
            await Guarded.StartAsync($"[middleware.auth]\ntype = \"basic_auth\"\noptions = {{ username = \"ann\", password_hash = '{Escaped(hash)}' }}\n");
        for (var i = 0; i < 300; i++) Assert.Equal(200, await guarded.StatusAsync($"Authorization: Basic {Pair("ann:geheim")}"));
        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Basic {Pair("ann:geheim!")}"));
    }

    [Fact]
    public async Task UsersFile_EachUserHasAPassword()
    {
        var users = $"# staff\nann:{Hash}\n\nbob:{PasswordHash.Create("bobs"u8, 2000).ToText()}\n";
        await using var guarded = await Guarded.StartAsync(
            "[middleware.auth]\ntype = \"basic_auth\"\noptions.users_file = \"users\"\n", files: new Dictionary<string, string> { ["users"] = users });
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Basic {Pair("ann:" + Password)}"));
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Basic {Pair("bob:bobs")}"));
        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Basic {Pair("ann:bobs")}"));
        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Basic {Pair("eve:bobs")}"));
    }

    [Fact]
    public async Task TokenPath_IsAcceptedBesideThePassword()
    {
        var files = new Dictionary<string, string> { ["token"] = "pre-shared-token-of-the-demo\n" };
        await using var guarded = await Guarded.StartAsync(Plain + "token_path = \"token\"", files: files);
        Assert.Equal(200, await guarded.StatusAsync("Authorization: Bearer pre-shared-token-of-the-demo"));
        Assert.Equal("bearer", guarded.Last.Identity!.Method);
        Assert.Null(guarded.Last.Headers["authorization"]);
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Basic {Pair("ann:" + Password)}"));
        Assert.Equal(401, await guarded.StatusAsync("Authorization: Bearer pre-shared-token"));
        guarded.AssertNotLogged("pre-shared");
    }

    /// <summary>Guesses wait for a few places only; the next one is told to come back, and the log says so once.</summary>
    [Fact]
    public async Task Guesses_BeyondTheirPlaces_Are503_AndOthersAreNot()
    {
        using var turn = new ManualResetEventSlim();
        var loopback = new PasswordOwner(AddressNumber.Of(System.Net.IPAddress.Loopback), "nobody");
        var held = Enumerable.Range(0, PasswordChecks.MaxOfUser).Select(i => PasswordChecks.Shared.MatchesAsync(
            loopback, CredentialDigest.Of($"held {i}"), [], _ => turn.Wait(TimeSpan.FromMinutes(1)), CancellationToken.None)).ToList();
        await using var guarded = await Guarded.StartAsync(Hashed);
        var refused = await guarded.GetAsync($"Authorization: Basic {Pair("nobody:x")}");
        Assert.Equal((503, "1"), (refused.Status, refused["retry-after"].Single()));
        Assert.Contains(guarded.Log.Lines, l => l.Message.Contains("too many passwords wait", StringComparison.Ordinal));
        turn.Set();
        Assert.All(await Task.WhenAll(held), outcome => Assert.NotNull(outcome));
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Basic {Pair("ann:" + Password)}"));
        Assert.Equal(401, await guarded.StatusAsync($"Authorization: Basic {Pair("nobody:x")}"));
    }

    [Theory]
    [InlineData(
        "token = \"0123456789abcdef\"\ncredentials_path = \"users\"", "(5,20): warning: 'credentials_path' of middleware 'auth' has no effect beside 'token'")]
    [InlineData("username = \"ann\"\npassword = \"x\"\ncredentials_path = \"users\"",
        "(6,20): warning: 'credentials_path' of middleware 'auth' has no effect beside 'username'")]
    [InlineData("token = \"0123456789abcdef\"\ntoken_path = \"users\"", "(5,14): warning: 'token_path' of middleware 'auth' has no effect beside 'token'")]
    public async Task Options_ThatHideEachOther_AreWarnings(string options, string said)
    {
        var pipeline = new OnePipeline("echo") { Middleware = "\"auth\"" }.ToToml();
        var toml = $"[middleware.auth]\ntype = \"basic_auth\"\n[middleware.auth.options]\n{options}\n{pipeline}\n[backends.echo]\nservice = \"echo\"\n";
        Assert.Contains(await BackendConfig.ProblemsOfAsync(toml), p => p.Contains(said, StringComparison.Ordinal));
    }

    /// <summary>As the public Harmony Proxy answers.</summary>
    [Fact]
    public async Task AuthenticationReference_SharedByTwo_AndOwnOptionsOverIt()
    {
        const string toml = """
            [authentications.staff]
            method = "basic"
            options = { username = "ann", password = "geheim:ß", realm = "wards" }
            [middleware.auth]
            type = "basic_auth"
            authentication = "staff"
            [middleware.second]
            type = "basic_auth"
            authentication = "authentications.staff"
            options = { password = "other" }
            """;
        await using var guarded = await Guarded.StartAsync(toml);
        Assert.Equal(200, await guarded.StatusAsync($"Authorization: Basic {Pair("ann:geheim:ß")}"));
        Assert.Equal("Basic realm=\"wards\", charset=\"UTF-8\"", (await guarded.GetAsync())["www-authenticate"].Single());
        await using var second = await Guarded.StartAsync(toml, "\"second\"");
        Assert.Equal(200, await second.StatusAsync($"Authorization: Basic {Pair("ann:other")}"));
        Assert.Equal(401, await second.StatusAsync($"Authorization: Basic {Pair("ann:geheim:ß")}"));
    }

    [Theory]
    [InlineData("", "config.toml(1,1): error: middleware 'auth' has nobody to let in")]
    [InlineData("username = \"ann\"", "needs a 'password' or 'password_hash'")]
    [InlineData("username = \"ann\"\npassword = \"\"", "config.toml(5,12): error: middleware 'auth' needs a 'password' or 'password_hash' that is not empty")]
    [InlineData("password = \"x\"", "needs a 'username'")]
    [InlineData("username = \"a:b\"\npassword = \"x\"", "cannot contain a colon")]
    [InlineData("username = \"ann\"\npassword = \"x\"\npassword_hash = \"y\"", "keep one")]
    [InlineData("username = \"ann\"\npassword_hash = \"$$2y$$10$$abc\"", "bcrypt")]
    [InlineData("users_file = \"nowhere\"", "cannot read 'nowhere': no such file")]
    [InlineData("users_file = \"users\"", "users(2,1): error: hashes of htpasswd")]
    [InlineData("token_path = \"nowhere\"", "cannot read 'nowhere': no such file")]
    [InlineData("token_path = \"empty\"", "'empty' is empty")]
    public async Task Options_Incomplete_AreErrorsAtStart(string options, string said)
    {
        var toml = "[middleware.auth]\ntype = \"basic_auth\"\n[middleware.auth.options]\n" + options;
        var files = new Dictionary<string, string> { ["users"] = "# staff\nann:$2y$10$abcdef\n", ["empty"] = "\n" };
        Assert.Contains(said, await Guarded.ErrorsOfAsync(toml, files), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_MissingOrOfAnotherMethod_IsAnErrorThatNamesIt()
    {
        const string auth = "[middleware.auth]\ntype = \"basic_auth\"\nauthentication = \"staff\"\n";
        Assert.Contains("authentication 'staff' is not defined", await Guarded.ErrorsOfAsync(auth), StringComparison.Ordinal);
        Assert.Contains("cannot use an authentication of method 'jwt'; it needs basic or bearer",
            await Guarded.ErrorsOfAsync(auth + "[authentications.staff]\nmethod = \"jwt\"\n"), StringComparison.Ordinal);
    }
}
