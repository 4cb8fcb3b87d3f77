using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Data.Tests.Services.Storage;

/// <summary>Locations with the name of their backend, and backends in the store of <c>[storage]</c>.</summary>
public sealed class GatewayStorageTests : IDisposable
{
    private readonly TestFolder _root = new();

    public void Dispose() => _root.Dispose();

    /// <summary>A pipeline can hand the location of an object on; another backend's is not mistaken for its own.</summary>
    [Fact]
    public async Task Location_WithTheNameOfTheBackend_IsRead()
    {
        await using var gateway = await BackendConfig.StartAsync(
            $"[backends.b]\nservice = \"storage\"\noptions.root = \"{_root.Path}\"\noptions.write_pattern = \"{{path}}\"");
        using var client = TestClient.Http1(gateway.Url);
        using var put = await client.PutAsync("reports/a%20b.json", new StringContent("{}", Encoding.UTF8, "application/json"));
        var uri = JsonNode.Parse(await put.Content.ReadAsStringAsync())!["uri"]!.GetValue<string>();
        async Task<HttpResponseMessage> ReadAsync(string location) => await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "any")
            {
                Content = new StringContent($"{{\"storedPath\":\"{location}\"}}", Encoding.UTF8,
                "application/json")
            });
        using var found = await ReadAsync(uri);
        Assert.Equal("{}", await found.Content.ReadAsStringAsync());
        foreach (var (location, status) in new[] { ("disk://other/reports/a%20b.json", HttpStatusCode.BadRequest),
            ("disk://b/../../etc/passwd", HttpStatusCode.NotFound), ("disk://b", HttpStatusCode.NotFound) })
        {
            using var refused = await ReadAsync(location);
            Assert.Equal(status, refused.StatusCode);
        }
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("memory")]
    public async Task Backend_WithoutARoot_IsInTheStoreOfTheGateway(string storage)
    {
        await using var server = StrictS3.Start();
        await using var gateway = await TestGateway.StartAsync(BackendConfig.With($"""
            [storage]
            backend = "{storage}"
            [storage.options]
            path = "{_root.Path}"
            bucket = "images"
            prefix = "/mine/"
            endpoint = "{server.Url}"
            access_key_id = "key"
            secret_access_key = "secret"
            [backends.b]
            service = "storage"
            options.write_pattern = "{"{path}"}"
            options.read_pattern = "{"{path}"}"
            """));
        using var client = TestClient.Http1(gateway.Url);
        (await client.PutAsync("a/b", new StringContent("hello"))).Dispose();
        Assert.Equal("hello", await client.GetStringAsync("a/b"));
        Assert.Equal(storage == "s3" ? ["mine/disk/a/b"] : [], server.Keys);
        Assert.Empty(Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("bucket = \"images\"\naccess_key_id = \"key\"", "(4,17): error: 'access_key_id' of [storage.options] needs 'secret_access_key'")]
    [InlineData("region = \"eu-west-1\"", "[storage.options] needs 'bucket' for backend 's3'")]
    [InlineData("bucket = \"Images\"", "'bucket' and 'prefix' of [storage.options]: 'Images' is no name of a bucket")]
    [InlineData("bucket = \"images\"\nprefix = \"../x\"", "'bucket' and 'prefix' of [storage.options]: '../x' is no prefix of keys")]
    public async Task Storage_WithWrongOptions_SaysWhatIsWrong(string options, string problem)
    {
        var problems = await BackendConfig.ProblemsAsync($"storage.backend = \"s3\"\n[storage.options]\n{options}\n[backends.b]\nservice = \"storage\"");
        Assert.Contains(problems, p => p.Contains(problem, StringComparison.Ordinal));
    }
}
