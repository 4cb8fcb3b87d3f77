using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Http1;

/// <summary>
/// An origin that authenticates connections (NTLM, Negotiate) takes whoever sends next for the same user: such a connection is its client's alone.
/// </summary>
public class ConnectionAuthenticationTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("authentication");
    private static readonly X509Certificate2 Certificate = Authority.Issue("origin", "127.0.0.1");

    public static MatrixTheoryData<string, bool, string> Cases => new(["NTLM", "Negotiate", "negotiate"], [false, true], ["own", "platform"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Stranger_WithoutCredentials_IsNotServedAsTheUserBefore(string scheme, bool tls, string client)
    {
        await using var origin = Origin(scheme, tls);
        await using var gateway = await StartAsync(origin, client);
        using var alice = await RawConnection.OpenAsync(gateway.Address);
        await AuthenticateAsync(alice, scheme, "alice");
        using var stranger = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 3; i++) Assert.Equal(401, (await AskAsync(stranger)).Status);
    }

    [Theory]
    [InlineData("NTLM", false)]
    [InlineData("NTLM", true)]
    [InlineData("Negotiate", false)]
    public async Task User_OnTheSameConnection_StaysAuthenticated_BesideOthers(string scheme, bool tls)
    {
        await using var origin = Origin(scheme, tls);
        await using var gateway = await StartAsync(origin, "own");
        using var alice = await RawConnection.OpenAsync(gateway.Address);
        using var bob = await RawConnection.OpenAsync(gateway.Address);
        await AuthenticateAsync(alice, scheme, "alice");
        await AuthenticateAsync(bob, scheme, "bob");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("records of alice", (await AskAsync(alice)).Body);
            Assert.Equal("records of bob", (await AskAsync(bob)).Body);
        }
    }

    [Fact]
    public async Task Connection_OfAClientThatHasGone_IsClosed()
    {
        var ended = Guard.NewSignal();
        await using var origin = Origin("NTLM", tls: false, ended);
        await using var gateway = await StartAsync(origin, "own");
        using (var alice = await RawConnection.OpenAsync(gateway.Address)) await AuthenticateAsync(alice, "NTLM", "alice");
        await ended.Task.Guarded();
    }

    private static async Task AuthenticateAsync(RawConnection client, string scheme, string user)
    {
        Assert.Equal(401, (await AskAsync(client)).Status);
        await AskAsync(client, $"Authorization: {scheme} {Message("1")}");
        await AskAsync(client, $"Authorization: {scheme} {Message("3" + user)}");
    }

    private static string Message(string text) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text));

    private static async Task<RawAnswer> AskAsync(RawConnection client, string field = "X-A: 1")
    {
        await client.WriteAsync($"GET /records HTTP/1.1\r\nHost: h\r\n{field}\r\n\r\n");
        return await RawAnswer.ReadAsync(client);
    }

    private static RawOrigin Origin(string scheme, bool tls, TaskCompletionSource? ended = null) => RawOrigin.Start(async connection =>
    {
        string? user = null;
        while (await connection.ReadHeadAsync() is { } head)
        {
            var credentials = RawAnswer.FieldsOf(head, "authorization").SingleOrDefault();
            var message = credentials is null ? "" : System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(credentials.Split(' ')[1]));
            if (message.StartsWith('3')) user = message[1..];
            var body = user is null ? "" : $"records of {user}";
            await connection.WriteAsync(user is null
                ? $"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {scheme}{(message.Length > 0 ? " Y2hhbGxlbmdl" : "")}\r\nContent-Length: 0\r\n\r\n"
                : $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        }

        ended?.TrySetResult();
    }, tls ? Certificate : null);

    private static Task<TestGateway> StartAsync(RawOrigin origin, string client)
    {
        var trust = origin.Url.Scheme == "https" ? "ca_cert_path = \"ours.pem\"" : "";
        var config = new ForwardingConfig(origin.Url) { Backend = $"client = \"{client}\"\n{trust}" };
        return TestGateway.StartAsync(config.ToToml(), new Dictionary<string, string> { ["ours.pem"] = Authority.Pem });
    }
}
