using System.Net;
using System.Net.Http.Headers;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>Two gateways as their users run them: what passes between them, and what never reaches the servers behind the second, whoever sends it.</summary>
public sealed class TwoGatewaysTests(TwoGateways clinics) : IClassFixture<TwoGateways>
{
    [Theory]
    [InlineData("/fhir/Patient/1", "/Patient/1", "application/fhir+json")]
    [InlineData("/images/studies", "/studies", "application/dicom+json")]
    [InlineData("/once/a", "/a", "application/fhir+json")]
    [InlineData("/once/b", "/b", "application/fhir+json")]
    public async Task Request_PassesThroughBoth_AndTheTokenEndsThere(string asked, string reached, string type)
    {
        var before = clinics.Asked.Count;
        using var client = TestClient.Http1(clinics.Inside);
        using var answer = await client.GetAsync(new Uri(asked, UriKind.Relative), Guard.Token);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(before + 1, clinics.Asked.Count);
        Assert.Contains((reached, null), clinics.Asked);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Token_MadeByHand_EntersToo(string version)
    {
        var before = clinics.Asked.Count;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(new Uri(clinics.Members, "/r4/Patient/1"), TwoGateways.Token(), Version.Parse(version)));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(new Uri(clinics.Members, "/dicom/studies"), TwoGateways.Token(), Version.Parse(version)));
        Assert.Equal(before + 2, clinics.Asked.Count);
    }

    [Theory]
    [InlineData("no token")]
    [InlineData("of another mesh")]
    [InlineData("of another mesh, signed by a key of this one")]
    [InlineData("expired")]
    [InlineData("without an end")]
    [InlineData("for another audience")]
    [InlineData("for no audience")]
    [InlineData("alg none")]
    [InlineData("alg none with a signature")]
    [InlineData("HS256 with the public key")]
    [InlineData("HS256 with the public key in DER")]
    [InlineData("RS256 said, HS256 made")]
    [InlineData("RS384")]
    [InlineData("by another key")]
    [InlineData("cut short")]
    public async Task BadToken_Is401_AndNobodyIsAsked(string what)
    {
        var before = clinics.Asked.Count;
        foreach (var path in new[] { "/r4/Patient/1", "/dicom/studies", "/jmix/api/jmix/x", "/own/fhir/Patient/1" })
        {
            foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
            {
                var status = await AskAsync(new Uri(clinics.Members, path), TwoGateways.BadToken(what), version);
                Assert.True(status == HttpStatusCode.Unauthorized, $"{what}, {path}, HTTP/{version}: {status}");
            }
        }

        Assert.Equal(before, clinics.Asked.Count);
    }

    [Fact]
    public async Task Replay_Is401_AndReachesNobodyTwice()
    {
        var before = clinics.Asked.Count;
        var token = TwoGateways.OnceToken(("jti", "one"));
        var url = new Uri(clinics.Members, "/once/x");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(url, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(url, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(url, token, HttpVersion.Version20));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(url, TwoGateways.OnceToken(("jti", null))));
        Assert.Equal(before + 1, clinics.Asked.Count);
    }

    /// <summary>A member shows a good token, by a URL that is none of the mesh's.</summary>
    [Theory]
    [InlineData("a path that begins alike", "https", "localhost", "/r40/Patient/1")]
    [InlineData("a path in other letters", "https", "localhost", "/R4/Patient/1")]
    [InlineData("another host", "https", "127.0.0.1", "/r4/Patient/1")]
    [InlineData("plain HTTP", "http", "localhost", "/r4/Patient/1")]
    [InlineData("plain HTTP, images", "http", "localhost", "/dicom/studies")]
    [InlineData("the route of the endpoint", "https", "localhost", "/own/fhir/Patient/1")]
    [InlineData("that route by plain HTTP", "http", "localhost", "/own/fhir/Patient/1")]
    public async Task WrongUrl_Is403_AndNobodyIsAsked(string what, string scheme, string host, string path)
    {
        var before = clinics.Asked.Count;
        var port = (scheme == "https" ? clinics.Members : clinics.Plain).Port;
        var status = await AskAsync(new Uri($"{scheme}://{host}:{port}{path}"), TwoGateways.Token());
        Assert.True(status == HttpStatusCode.Forbidden, $"{what}: {status}");
        Assert.Equal(before, clinics.Asked.Count);
    }

    [Fact]
    public async Task TlsPort_TakesNoPlainHttp()
    {
        var before = clinics.Asked.Count;
        using var client = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, clinics.Members.Port));
        await client.WriteAsync($"GET /r4/Patient/1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TwoGateways.Token()}\r\n\r\n");
        await client.WaitForEndAsync().Guarded();
        Assert.Equal(before, clinics.Asked.Count);
    }

    [Fact]
    public async Task JmixPackage_PassesThroughBoth_AndStrangersFindNothing()
    {
        using var folder = new ConfigFolder();
        folder.Write("result.txt", "glucose 5.4 mmol/l\n");
        string[] parties = ["--sender", "org:lab.example", "--receiver", "org:hospital.example"];
        var built = await CommandLine.RunAsync(folder, ["jmix", "build", "FOLDER/result.txt", "-o", "FOLDER/package.zip", .. parties]);
        Assert.True(built.ExitCode == 0, built.Error);
        var sent = await File.ReadAllBytesAsync(Path.Combine(folder.Path, "package.zip"));

        using var inside = TestClient.Http1(clinics.Inside);
        using var stranger = TestClient.Http1(clinics.Members);
        using var refused = await stranger.PostAsync(new Uri("/jmix/api/jmix", UriKind.Relative), Zip(sent), Guard.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var stored = await inside.PostAsync(new Uri("/packages/api/jmix", UriKind.Relative), Zip(sent), Guard.Token);
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode); // 200 where the store has it already: the stranger's was not kept
        var id = System.Text.Json.Nodes.JsonNode.Parse(await stored.Content.ReadAsStringAsync(Guard.Token))!["id"]!.ToString();
        Assert.Equal(sent, await inside.GetByteArrayAsync(new Uri($"/packages/api/jmix/{id}", UriKind.Relative), Guard.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(new Uri(clinics.Members, $"/jmix/api/jmix/{id}"), null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(new Uri(clinics.Members, $"/jmix/api/jmix/{id}"), TwoGateways.BadToken("expired")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(new Uri(clinics.Members, $"/jmix/api/jmix/{id}"), TwoGateways.Token()));
    }

    private static ByteArrayContent Zip(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };

    private static async Task<HttpStatusCode> AskAsync(Uri url, string? token, Version? version = null)
    {
        using var client = TestClient.Of(version ?? HttpVersion.Version11, url);
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync(url, Guard.Token);
        return answer.StatusCode;
    }
}
