using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Data.Tests.Services.Storage;

public sealed class StorageBackendTests : IDisposable
{
    private readonly TestFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Put_ThenGet_IsTheSameFile()
    {
        await using var gateway = await StartAsync("""write_pattern = "{path}"; read_pattern = "{path}" """);
        using var client = TestClient.Http1(gateway.Url);
        using var put = await client.PutAsync("reports/a%20b.json", new StringContent("{\"a\":1}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("reports/a%2520b.json", put.Headers.Location!.OriginalString);
        Assert.Equal("""{"location":"reports/a%2520b.json","path":"reports/a%20b.json","status":"stored","uri":"disk://b/reports/a%2520b.json"}""", await put.Content.ReadAsStringAsync());
        using var get = await client.GetAsync("reports/a%20b.json");
        Assert.Equal(("application/json", "{\"a\":1}"), (get.Content.Headers.ContentType!.ToString(), await get.Content.ReadAsStringAsync()));
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "reports/a%20b.json"));
        Assert.Equal((HttpStatusCode.OK, 7L), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("GET", "none", HttpStatusCode.NotFound)]
    [InlineData("GET", "", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "none", HttpStatusCode.NotFound)]
    [InlineData("MKCOL", "none", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", HttpStatusCode.BadRequest)]
    public async Task OtherRequests_AreAnsweredWithoutTouchingAnything(string method, string path, HttpStatusCode expected)
    {
        await using var gateway = await StartAsync("""write_pattern = "{path}"; read_pattern = "{path}" """);
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(expected, answer.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories));
    }

    /// <summary>The disk does not fill up for ever: what was last changed before that is deleted, and nothing else.</summary>
    [Fact]
    public async Task KeepDays_DeletesWhatIsOlder()
    {
        _root.Write("old/a.dcm", "old");
        _root.Write("new/b.dcm", "new");
        File.SetLastWriteTimeUtc(_root.PathOf("old/a.dcm"), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-31));
        File.SetLastWriteTimeUtc(_root.PathOf("new/b.dcm"), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-29));
        await using var gateway = await StartAsync("""write_pattern = "{path}"; read_pattern = "{path}"; keep_days = 30 """);
        Assert.EndsWith("deleted objects older than 30 days: 1", (await gateway.Log.FirstAsync(2904)).Message, StringComparison.Ordinal);
        Assert.Equal((false, true), (File.Exists(_root.PathOf("old/a.dcm")), File.Exists(_root.PathOf("new/b.dcm"))));
    }

    [Fact]
    public async Task KeepDays_OfWhatOthersWrite_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("keep_days = 30"));
        Assert.Contains("'keep_days' of backend", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithoutWritePattern_IsNotAllowed()
    {
        await using var gateway = await StartAsync("");
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync("x", new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Post_Json_GivesItsStringsToTheName()
    {
        await using var gateway = await StartAsync("""write_pattern = "{kind}/{id}-{missing}.json" """);
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync("x", new StringContent("""{"kind":"../orders","id":"A/7","missing":7}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(File.Exists(Path.Combine(_root.Path, "%2E.%2Forders", "A%2F7-_.json")),
            string.Join(' ', Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories)));
    }

    [Fact]
    public async Task Post_DicomObject_GivesItsAttributesToTheNameAndIsStoredWhole()
    {
        await using var gateway = await StartAsync("""write_pattern = "{PatientID}/{Modality}/{file}" """);
        var dataSet = new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.3").Set(DicomTag.PatientID, "../P;1").Set(DicomTag.Modality, "CT")
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[500_000])).Build();
        using var file = new MemoryStream();
        await DicomFile.Create(dataSet, TransferSyntax.ExplicitVRLittleEndian).WriteAsync(file);
        using var client = TestClient.Http1(gateway.Url);
        using var content = new ByteArrayContent(file.ToArray());
        content.Headers.TryAddWithoutValidation("content-type", "application/dicom");
        using var answer = await client.PostAsync("", content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(file.ToArray(), await File.ReadAllBytesAsync(Path.Combine(_root.Path, "%2E.%2FP%3B1", "CT", "1.2.3.dcm")));
    }

    [Fact]
    public async Task Post_NotDicomAtAll_Is400()
    {
        await using var gateway = await StartAsync("""write_pattern = "{PatientID}" """);
        using var client = TestClient.Http1(gateway.Url);
        using var content = new ByteArrayContent([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        content.Headers.TryAddWithoutValidation("content-type", "application/dicom");
        using var answer = await client.PostAsync("", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    public static TheoryData<string, string, string, int, string> Reads => new()
    {
        { "GET", "range", "bytes=0-0", 206, "0" },
        { "GET", "range", "bytes=2-4", 206, "234" },
        { "GET", "range", "bytes=-3", 206, "789" },
        { "GET", "range", "bytes=8-", 206, "89" },
        { "GET", "range", "bytes=8-99999999999999999999", 206, "89" },
        { "GET", "range", "bytes=10-", 416, "" },
        { "GET", "range", "bytes=-0", 416, "" },
        { "GET", "range", "bytes=4-2", 200, "0123456789" },
        { "GET", "range", "bytes=0-1,3-4", 200, "0123456789" },
        { "GET", "range", "items=0-1", 200, "0123456789" },
        { "HEAD", "range", "bytes=0-0", 200, "" },
        { "GET", "if-none-match", "ETAG", 304, "" },
        { "HEAD", "if-none-match", "W/ETAG", 304, "" },
        { "GET", "if-none-match", "\"other\", ETAG", 304, "" },
        { "GET", "if-none-match", "*", 304, "" },
        { "GET", "if-none-match", "\"other\"", 200, "0123456789" },
        { "GET", "if-match", "\"other\"", 412, "" },
        { "GET", "if-match", "ETAG", 200, "0123456789" },
        { "GET", "if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT", 304, "" },
        { "GET", "if-modified-since", "Fri, 01 Jan 2010 00:00:00 GMT", 200, "0123456789" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Get_ConditionOrRange_IsAnsweredAsTheStandardSays(string method, string header, string value, int status, string body)
    {
        await using var gateway = await StartAsync(Any);
        using var client = TestClient.Http1(gateway.Url);
        using var put = await client.PutAsync("digits", new StringContent("0123456789"));
        var tag = put.Headers.ETag!.ToString();
        using var request = new HttpRequestMessage(new HttpMethod(method), "digits");
        request.Headers.TryAddWithoutValidation(header, value.Replace("ETAG", tag, StringComparison.Ordinal));
        using var answer = await client.SendAsync(request);
        Assert.Equal((status, body), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(tag, answer.Headers.ETag!.ToString());
        if (status == 206) Assert.Equal(body.Length, answer.Content.Headers.ContentRange!.To - answer.Content.Headers.ContentRange.From + 1);
        if (status == 416) Assert.Equal("bytes */10", answer.Content.Headers.ContentRange!.ToString());
    }

    [Theory]
    [InlineData("\"new\"", null, HttpStatusCode.Created)]
    [InlineData(null, "*", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"other\"", null, HttpStatusCode.PreconditionFailed)]
    public async Task Put_Condition_HoldsOrNothingIsWritten(string? ifMatch, string? ifNoneMatch, HttpStatusCode expected)
    {
        await using var gateway = await StartAsync(Any);
        using var client = TestClient.Http1(gateway.Url);
        using var first = await client.PutAsync("a", new StringContent("old"));
        using var request = new HttpRequestMessage(HttpMethod.Put, "a") { Content = new StringContent("new") };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("if-match", ifMatch == "\"new\"" ? first.Headers.ETag!.ToString() : ifMatch);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("if-none-match", ifNoneMatch);
        using var second = await client.SendAsync(request);
        Assert.Equal(expected, second.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Created ? "new" : "old", await client.GetStringAsync("a"));
    }

    [Fact]
    public async Task Put_ContentType_IsGivenBackAndRunsNowhere()
    {
        await using var gateway = await StartAsync(Any);
        using var client = TestClient.Http1(gateway.Url);
        using var put = await client.PutAsync("page", new StringContent("<script>1</script>", Encoding.UTF8, "text/html"));
        using var get = await client.GetAsync("page");
        Assert.Equal("text/html; charset=utf-8", get.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", Assert.Single(get.Headers.GetValues("x-content-type-options")));
        Assert.Equal("sandbox; default-src 'none'", Assert.Single(get.Headers.GetValues("content-security-policy")));
    }

    /// <summary>Where a response to a write says that the object is, it is, whatever is in its name.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("a%20b.txt")]
    [InlineData("a%2520b.txt")]
    [InlineData("x~y")]
    [InlineData("deep/%C3%BC/b")]
    public async Task Location_OfAWrite_LeadsToTheObject(string path)
    {
        await using var gateway = await StartAsync(Any);
        using var client = TestClient.Http1(gateway.Url);
        foreach (var content in new[] { "first", "second" })
        {
            using var put = await client.PutAsync(path, new StringContent(content));
            Assert.Equal(content, await client.GetStringAsync(put.Headers.Location!.OriginalString));
        }

        Assert.Equal("first", await client.GetStringAsync(path));
    }

    [Fact]
    public async Task Delete_Object_IsGoneAndItsNeighboursStay()
    {
        await using var gateway = await StartAsync(Any);
        using var client = TestClient.Http1(gateway.Url);
        foreach (var name in new[] { "a/1", "a/2" }) (await client.PutAsync(name, new StringContent(name))).Dispose();
        foreach (var expected in new[] { HttpStatusCode.NoContent, HttpStatusCode.NotFound })
        {
            using var answer = await client.DeleteAsync("a/1");
            Assert.Equal(expected, answer.StatusCode);
        }

        using var folder = await client.DeleteAsync("a");
        Assert.Equal(HttpStatusCode.NotFound, folder.StatusCode);
        Assert.Equal("a/2", await client.GetStringAsync("a/2"));
    }

    [Fact]
    public async Task Delete_NotAllowed_Is405()
    {
        await using var gateway = await StartAsync($"{Any}; allow_delete = false");
        using var client = TestClient.Http1(gateway.Url);
        (await client.PutAsync("a", new StringContent("1"))).Dispose();
        using var answer = await client.DeleteAsync("a");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.DoesNotContain("DELETE", answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task List_Folder_IsJsonInPages()
    {
        await using var gateway = await StartAsync($"{Any}; allow_list = true");
        using var client = TestClient.Http1(gateway.Url);
        foreach (var name in new[] { "a/3", "a/1", "a/2/x", "b" }) (await client.PutAsync(name, new StringContent(name))).Dispose();
        var all = JsonNode.Parse(await client.GetStringAsync("a/"))!;
        Assert.Equal(["a/1", "a/2/x", "a/3"], all["objects"]!.AsArray().Select(o => o!["name"]!.GetValue<string>()));
        Assert.Equal((3L, null), (all["objects"]![0]!["size"]!.GetValue<long>(), all["next"]));
        var page = JsonNode.Parse(await client.GetStringAsync("?limit=2"))!;
        Assert.Equal(("", "a/2/x"), (page["prefix"]!.GetValue<string>(), page["next"]!.GetValue<string>()));
        Assert.Equal(["a/3", "b"], JsonNode.Parse(await client.GetStringAsync("?after=a/2/x"))!["objects"]!.AsArray()
            .Select(o => o!["name"]!.GetValue<string>()));
        foreach (var outside in new[] { ".incoming/", ".types/", "none/" })
            Assert.Empty(JsonNode.Parse(await client.GetStringAsync(outside))!["objects"]!.AsArray());
        using var wrong = await client.GetAsync("?limit=x");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task List_NotAllowed_IsNoSuchObject()
    {
        await using var gateway = await StartAsync(Any);
        using var client = TestClient.Http1(gateway.Url);
        (await client.PutAsync("a/1", new StringContent("1"))).Dispose();
        using var answer = await client.GetAsync("a/");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task List_PatternNamesNoFolders_IsAConfigurationError()
        => Assert.Contains(
            await BackendConfig.ProblemsAsync("[backends.b]\nservice = \"storage\"\noptions.allow_list = true"),
            p => p.Contains("'allow_list' of backend 'b' needs a 'read_pattern' that ends with {path} or {full_path}", StringComparison.Ordinal));

    [Fact]
    public async Task Root_Memory_IsAStoreToo()
    {
        await using var gateway = await StartAsync(Any, "memory:");
        using var client = TestClient.Http1(gateway.Url);
        (await client.PutAsync("a", new StringContent("1"))).Dispose();
        Assert.Equal("1", await client.GetStringAsync("a"));
    }

    /// <summary>A server that is away is 503; when it is back, the sender's next try is stored.</summary>
    [Fact]
    public async Task Root_S3_OutageIs503AndLosesNothing()
    {
        await using var server = StrictS3.Start();
        await using var gateway = await StartAsync($"{Any}; endpoint = \"{server.Url}\"; access_key_id = \"key\"; secret_access_key = \"secret\"",
            "s3://images/in");
        using var client = TestClient.Http1(gateway.Url);
        (await client.PutAsync("before", new StringContent("1"))).Dispose();
        server.Trouble = _ => S3Trouble.InternalError;
        foreach (var path in new[] { "during", "before" })
        {
            using var answer = path == "before" ? await client.GetAsync(path) : await client.PutAsync(path, new StringContent("2"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        server.Trouble = _ => null;
        (await client.PutAsync("during", new StringContent("2"))).Dispose();
        Assert.Equal(("1", "2"), (await client.GetStringAsync("before"), await client.GetStringAsync("during")));
        Assert.Equal(["in/before", "in/during"], server.Keys);
    }

    /// <summary>What was deleted or replaced makes room; what is there already needs none.</summary>
    [Fact]
    public async Task Quota_ThatIsReached_Is507UntilThereIsRoom()
    {
        _root.Write("before.bin", new string('x', 300));
        await using var gateway = await StartAsync($"{Any}; if_exists = \"overwrite\"; max_bytes = 1000");
        using var client = TestClient.Http1(gateway.Url);
        async Task<HttpStatusCode> PutAsync(string name, int length)
        {
            using var answer = await client.PutAsync(name, new ByteArrayContent(new byte[length]));
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Created, await PutAsync("a", 600));
        Assert.Equal(HttpStatusCode.InsufficientStorage, await PutAsync("b", 101));
        await Guard.UntilAsync(() => gateway.Log.Lines.Any(l => l.Message.Contains("is full: it holds 900 bytes of 1000 ('max_bytes'); delete objects",
            StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Created, await PutAsync("b", 100));
        Assert.Equal(HttpStatusCode.InsufficientStorage, await PutAsync("c", 1));
        using (var deleted = await client.DeleteAsync("a")) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.InsufficientStorage],
            [await PutAsync("b", 50), await PutAsync("c", 600), await PutAsync("d", 51)]);
        Assert.Equal(["b", "before.bin", "c"], Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName)
            .Where(f => !f!.EndsWith(".lock", StringComparison.Ordinal)).Order());
    }

    [SmallDiskFact]
    public async Task Post_FullDisk_Is507AndTheGatewayServesOn()
    {
        using var disk = SmallDisk.Mount();
        await using var gateway = await StartAsync("""write_pattern = "{uuid}.bin" """, disk.Folder);
        using var client = TestClient.Http1(gateway.Url);
        using var refused = await client.PostAsync("", new ByteArrayContent(new byte[2_000_000]));
        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        using var stored = await client.PostAsync("", new ByteArrayContent(new byte[1000]));
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        Assert.Single(Directory.EnumerateFiles(disk.Folder, "*.bin", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(disk.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Start_LeftoversOfACrash_AreDeleted()
    {
        Directory.CreateDirectory(Path.Combine(_root.Path, ".incoming", "1"));
        await File.WriteAllTextAsync(Path.Combine(_root.Path, ".incoming", "1.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(_root.Path, ".incoming", "1", "2.part"), "half");
        await using var gateway = await StartAsync("");
        await gateway.Log.FirstAsync(2901);
        Assert.Empty(Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Pattern_ThatLeadsElsewhere_IsAConfigurationError()
        => Assert.Contains(
            await BackendConfig.ProblemsAsync("[backends.b]\nservice = \"storage\"\noptions.write_pattern = \"../{uuid}\""),
            p => p.StartsWith("(3,25): error: 'write_pattern' of backend 'b' is not a pattern: it must be relative", StringComparison.Ordinal));

    private const string Any = """write_pattern = "{path}"; read_pattern = "{path}" """;

    private Task<TestGateway> StartAsync(string options, string? root = null)
        => BackendConfig.StartAsync($"[backends.b]\nservice = \"storage\"\n[backends.b.options]\nroot = \"{root ?? _root.Path}\"\n"
            + $"{options.Replace("; ", "\n", StringComparison.Ordinal)}\n");
}
