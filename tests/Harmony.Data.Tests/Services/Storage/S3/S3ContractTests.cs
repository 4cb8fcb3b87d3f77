using Harmony.Core.Faults;
using Harmony.Core.Storage;
using Harmony.Data.Services.Storage.S3;
using Harmony.Testing;

namespace Harmony.Data.Tests.Services.Storage.S3;

/// <summary>The contract at a server that forgives nothing, and what a store does when the server fails.</summary>
public sealed class StrictS3ContractTests : ObjectStoreContract
{
    private readonly StrictS3 _server = StrictS3.Start();
    private int _leftUploads;

    private protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(StoreAt(_server.Url, StrictS3.Bucket, "key"));

    private protected override async Task CloseAsync()
    {
        Assert.Equal(_leftUploads, _server.OpenUploads);
        await _server.DisposeAsync();
    }

    public static TheoryData<string, S3TroubleCase> Troubles()
    {
        var data = new TheoryData<string, S3TroubleCase>();
        foreach (var asked in new[] { "PUT", "HEAD", "GET", "POST uploads", "PUT partNumber", "POST uploadId" })
        {
            foreach (var trouble in Enum.GetNames<S3Trouble>()) data.Add(asked, new S3TroubleCase(trouble));
        }

        return data;
    }

    /// <summary>A server that fails once or twice loses nothing and doubles nothing.</summary>
    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Write_ServerFailsForAMoment_IsThereOnce(string asked, S3TroubleCase trouble)
    {
        var bytes = Bytes(asked is "PUT" or "HEAD" or "GET" ? 1000 : ManyBytes);
        _server.Fail(asked, trouble.Trouble);
        // Nobody has learnt the name of such an upload; the sweep finds it.
        if (asked == "POST uploads" && trouble.Trouble == S3Trouble.ResponseLost) _leftUploads = 1;
        var written = await Store.WriteAsync(Name("a.bin"), new Pieces(bytes), new ObjectWrite(IfExists.Version), Guard.Token);
        Assert.Equal("a.bin", written.Name.Text);
        Assert.Equal(bytes, await ReadBytesAsync("a.bin", null));
        Assert.Equal(["in/a.bin"], _server.Keys);
    }

    /// <summary>An outage is a fault that another try can mend; what was begun is taken back, and what is there stays.</summary>
    [Theory]
    [InlineData("PUT", 1000)]
    [InlineData("PUT partNumber", 9_000_000)]
    [InlineData("POST uploadId", 9_000_000)]
    public async Task Write_ServerGoesOnFailing_IsUnavailableAndLosesNothing(string asked, int length)
    {
        await WriteAsync("old", "1");
        using var store = StoreAt(_server.Url, StrictS3.Bucket, "key", retries: 1);
        _server.Trouble = what => what == asked ? S3Trouble.SlowDown : null;
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await store.WriteAsync(Name("new"), new Pieces(Bytes(length)),
            new ObjectWrite(IfExists.Version), Guard.Token));
        Assert.Equal((FaultKind.Unavailable, true), (fault.Kind, fault.Retryable));
        Assert.Equal("'s3://images/in/': an object cannot be written: SlowDown", fault.Message);
        Assert.Equal(["in/old"], _server.Keys);
    }

    [Fact]
    public async Task Read_ServerGoesOnFailing_IsUnavailable()
    {
        await WriteAsync("old", "1");
        using var store = StoreAt(_server.Url, StrictS3.Bucket, "key", retries: 0);
        _server.Trouble = _ => S3Trouble.Dropped;
        foreach (var read in new Func<Task>[] { async () => await store.OpenAsync(Name("old"), null, Guard.Token),
            async () => await store.StatAsync(Name("old"), Guard.Token), async () => await store.DeleteAsync(Name("old"), Guard.Token) })
            Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<GatewayException>(read)).Kind);
    }

    [Theory]
    [InlineData("images", "other", "InvalidAccessKeyId")]
    [InlineData("missing", "key", "NoSuchBucket")]
    public async Task Write_WrongConfiguration_SaysWhichKeysToLookAt(string bucket, string key, string code)
    {
        using var store = StoreAt(_server.Url, bucket, key, retries: 0);
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await store.WriteAsync(Name("a"), new Pieces([1]),
            new ObjectWrite(IfExists.Overwrite), Guard.Token));
        Assert.Equal($"'s3://{bucket}/in/': an object cannot be written: {code}; see root, access_key_id, secret_access_key, region and endpoint",
            fault.Message);
    }

    /// <summary>Another gateway takes the name between the look and the write.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(9_000_000)]
    public async Task Write_NameIsTakenMeanwhile_TheOtherObjectStays(int length)
    {
        _server.BeforeCondition = () =>
        {
            _server.BeforeCondition = null;
            _server.Put("in/a", [7]);
        };
        var bytes = Bytes(length);
        var failure = await Record.ExceptionAsync(async () => Assert.Equal("a~2",
            (await Store.WriteAsync(Name("a"), new Pieces(bytes), new ObjectWrite(IfExists.Version), Guard.Token)).Name.Text));
        Assert.Equal([7], _server.BytesOf("in/a"));
        if (length < S3Uploads.FirstPart) Assert.Equal(bytes, _server.BytesOf("in/a~2"));
        else Assert.Equal(FaultKind.Unavailable, Assert.IsType<GatewayException>(failure).Kind); // what was sent is gone; the sender tries again
    }

    [Fact]
    public async Task Write_ServerKnowsNoConditions_IsWrittenWithoutThem()
    {
        await using var server = StrictS3.Start(knowsNoConditions: true);
        using var store = StoreAt(server.Url, StrictS3.Bucket, "key");
        foreach (var (name, length) in new[] { ("a", 10), ("b", ManyBytes), ("c", 10) })
            Assert.Equal(WriteOutcome.Written,
                (await store.WriteAsync(Name(name), new Pieces(Bytes(length)), new ObjectWrite(IfExists.Version), Guard.Token)).Outcome);
        Assert.Equal(["in/a", "in/b", "in/c"], server.Keys);
    }

    [Fact]
    public async Task CleanUp_UploadsOfYesterday_AreTakenBack()
    {
        var clock = new FixedClock(TimeProvider.System.GetUtcNow());
        using var client = S3Clients.Connect(Options(_server.Url, "key"));
        await client.InitiateMultipartUploadAsync(StrictS3.Bucket, "in/left");
        await client.InitiateMultipartUploadAsync(StrictS3.Bucket, "elsewhere/left");
        using var today = StoreAt(_server.Url, StrictS3.Bucket, "key", clock: clock);
        Assert.Equal(0, await today.CleanUpAsync(Guard.Token));
        using var tomorrow = StoreAt(_server.Url, StrictS3.Bucket, "key", clock: new FixedClock(clock.GetUtcNow().AddHours(25)));
        Assert.Equal(1, await tomorrow.CleanUpAsync(Guard.Token));
        _leftUploads = 1;
    }

    /// <summary>Keys of others in the bucket are passed over, and what is beside the prefix is not seen.</summary>
    [Fact]
    public async Task List_KeysOfOthers_ArePassedOver()
    {
        foreach (var key in new[] { "in/../x", "in/folder/", "in//y", "in/.hidden", "outside", "in/good" }) _server.Put(key, [1]);
        Assert.Equal(["good"], await ListAsync(""));
    }

    internal static S3ObjectStore StoreAt(Uri server, string bucket, string key, int retries = 3, TimeProvider? clock = null, string prefix = "in/")
        => new(S3Clients.Connect(Options(server, key), retries), new S3Location(bucket, prefix), clock ?? TimeProvider.System);

    private static S3Settings Options(Uri server, string key) => new(null, key, key == "S3RVER" ? "S3RVER" : "secret", server.ToString());

    /// <summary>A trouble by its name, as cases of theories are public.</summary>
    public sealed record S3TroubleCase(string Name)
    {
        internal S3Trouble Trouble => Enum.Parse<S3Trouble>(Name);

        public override string ToString() => Name;
    }
}
