using System.Net;
using Harmony.Testing;

namespace Harmony.Data.Tests.Services.Storage.S3;

/// <summary>A <c>storage</c> backend on a server that speaks the protocol of S3.</summary>
public sealed class S3ObjectStoreTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(8 * 1024 * 1024)]
    [InlineData(20 * 1024 * 1024 + 7)]
    public async Task Object_IsWrittenAndReadByteForByte(int length)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3);
        using var client = TestClient.Http1(gateway.Url);
        var content = new byte[length];
        new System.Random(length).NextBytes(content);

        using var stored = await client.PostAsync("/a/1.bin", new StreamContent(new MemoryStream(content)));

        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        Assert.Equal(content, s3.Objects["bucket/in/a/1.bin"].Content);
        Assert.Equal(content, await client.GetByteArrayAsync("/a/1.bin"));
        Assert.Empty(s3.Uploads);
    }

    [Fact]
    public async Task Object_ThatIsNotThere_Is404()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3);
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/a/none.bin")).StatusCode);
    }

    [Theory]
    [InlineData("version", "a~2.bin", "first")]
    [InlineData("keep", "a.bin", "first")]
    [InlineData("overwrite", "a.bin", "second")]
    public async Task Name_ThatIsTaken_IsHandledAsConfigured(string ifExists, string name, string first)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3, $"if_exists = \"{ifExists}\"");
        using var client = TestClient.Http1(gateway.Url);
        await client.PostAsync("/a.bin", new StringContent("first"));

        using var second = await client.PostAsync("/a.bin", new StringContent("second"));

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(name, second.Headers.Location!.ToString());
        Assert.Equal(first, await client.GetStringAsync("/a.bin"));
        if (ifExists == "version") Assert.Equal("second", await client.GetStringAsync("/a~2.bin"));
    }

    /// <summary>Another writer takes the name between the question whether it is free and the answer to the write.</summary>
    [Theory]
    [InlineData("version", 6, 201, "a~2.bin")]
    [InlineData("keep", 6, 201, "a.bin")]
    [InlineData("version", 9 * 1024 * 1024, 503, null)]
    [InlineData("keep", 9 * 1024 * 1024, 201, "a.bin")]
    public async Task Name_ThatIsTakenInTheMeantime_LosesNothing(string ifExists, int length, int status, string? name)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3, $"if_exists = \"{ifExists}\"");
        using var client = TestClient.Http1(gateway.Url);
        s3.Fails = (method, query) =>
        {
            if (method is "PUT" or "POST" && !query.Contains("partNumber", StringComparison.Ordinal) && query != "?uploads")
                s3.Objects.TryAdd("bucket/in/a.bin", ("other"u8.ToArray(), "", null));
            return null;
        };
        var content = new byte[length];
        new System.Random(length).NextBytes(content);

        using var stored = await client.PostAsync("/a.bin", new ByteArrayContent(content));

        Assert.Equal((status, name), ((int)stored.StatusCode, stored.Headers.Location?.ToString()));
        Assert.Equal("other"u8.ToArray(), s3.Objects["bucket/in/a.bin"].Content);
        if (name == "a~2.bin") Assert.Equal(content, s3.Objects["bucket/in/a~2.bin"].Content);
        else Assert.Single(s3.Objects);
        Assert.Empty(s3.Uploads);
    }

    [Fact]
    public async Task SameContent_OnceMore_IsThereOnce()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3);
        using var client = TestClient.Http1(gateway.Url);
        for (var i = 0; i < 3; i++) Assert.Equal("a.bin", (await client.PostAsync("/a.bin", new StringContent("same"))).Headers.Location!.ToString());
        Assert.Single(s3.Objects);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public async Task Server_ThatIsInTrouble_Is503_AndNothingIsLost(int status)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3);
        using var client = TestClient.Http1(gateway.Url);
        s3.Fails = (method, _) => method == "PUT" ? status : null;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PostAsync("/a.bin", new StringContent("x"))).StatusCode);
        Assert.Empty(s3.Objects);

        s3.Fails = null;
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/a.bin", new StringContent("x"))).StatusCode);
    }

    [Fact]
    public async Task Server_ThatSaysSlowDownOnce_IsAskedAgain()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3);
        using var client = TestClient.Http1(gateway.Url);
        var asked = 0;
        s3.Fails = (method, _) => method == "PUT" && Interlocked.Increment(ref asked) == 1 ? 503 : null;

        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/a.bin", new StringContent("x"))).StatusCode);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Upload_ThatFailsInTheMiddle_IsTakenBack()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var gateway = await StartAsync(s3);
        using var client = TestClient.Http1(gateway.Url);
        s3.Fails = (method, query) => method == "PUT" && query.Contains("partNumber=2", StringComparison.Ordinal) ? 500 : null;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PostAsync("/a.bin", new StreamContent(new MemoryStream(new byte[20 << 20])))).StatusCode);
        Assert.Empty(s3.Uploads);
        Assert.Empty(s3.Objects);
    }

    [Theory]
    [InlineData("s3://B/x", "no name of a bucket")]
    [InlineData("s3://bucket/../x", "no prefix of keys")]
    public async Task Root_ThatIsNone_IsAnError(string root, string said)
        => Assert.Contains(
            await BackendConfig.ProblemsAsync($"[backends.b]\nservice = \"storage\"\noptions.root = \"{root}\"\noptions.write_pattern = \"{{uuid}}\""), p
                => p.Contains(said, StringComparison.Ordinal));

    [Fact]
    public async Task Keys_ThatAreHalfGiven_AreAnError()
        => Assert.Contains(
            await BackendConfig.ProblemsAsync(
                "[backends.b]\nservice = \"storage\"\noptions.root = \"s3://bucket\"\noptions.access_key_id = \"a\"\noptions.write_pattern = \"{uuid}\""),
            p => p.Contains("needs 'secret_access_key'", StringComparison.Ordinal));

    private static Task<TestGateway> StartAsync(FakeS3 s3, string options = "") => BackendConfig.StartAsync($$"""
        [backends.b]
        service = "storage"
        [backends.b.options]
        root = "s3://bucket/in"
        endpoint = "{{s3.Url}}"
        access_key_id = "key"
        secret_access_key = "secret"
        write_pattern = "{path}"
        read_pattern = "{path}"
        {{options}}
        """);
}
