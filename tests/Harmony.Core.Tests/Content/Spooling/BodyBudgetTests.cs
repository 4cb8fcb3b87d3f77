using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Content.Spooling;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Tests.Fakes;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Core.Tests.Content.Spooling;

/// <summary>What bodies hold together is bounded, whatever the clients send, and whatever the disk does.</summary>
public sealed class BodyBudgetTests
{
    private const int Limit = 10 * 1024 * 1024;

    [Fact]
    public async Task HundredSlowClients_HoldNoMoreThanTheBudgetInMemory_AndAreRead()
    {
        var budget = new BodyBudget(Path.GetTempPath(), mostInMemory: 1024 * 1024);
        var sent = RandomNumberGenerator.GetBytes(100_000);
        var clients = Enumerable.Range(0, 100).Select(_ => new Pipe(new PipeOptions(pauseWriterThreshold: 0))).ToList();
        var bodies = clients.ConvertAll(c => Body.FromStream(c.Reader.AsStream(), sent.Length, budget));
        var reading = bodies.ConvertAll(b => b.ReadBytesAsync(Limit, default).AsTask());

        foreach (var client in clients) await client.Writer.WriteAsync(sent.AsMemory(0, sent.Length - 1));
        Assert.InRange(budget.InMemory, 0, 1024 * 1024);
        Assert.All(reading, r => Assert.False(r.IsCompleted));

        foreach (var client in clients)
        {
            await client.Writer.WriteAsync(sent.AsMemory(sent.Length - 1));
            await client.Writer.CompleteAsync();
        }

        foreach (var read in reading) Assert.True((await read.Guarded()).Span.SequenceEqual(sent));
        Assert.InRange(budget.InMemory, 0, 1024 * 1024);
        Assert.True(budget.OnDisk > 0);
        foreach (var body in bodies) body.Dispose();
        Assert.Equal((0, 0), (budget.InMemory, budget.OnDisk));
    }

    [Fact]
    public async Task Body_BeyondTheMemory_IsParsedFromItsFile()
    {
        var json = "[" + string.Join(',', Enumerable.Range(0, 50_000)) + "]";
        using var body = Body.FromStream(new Trickle(Encoding.UTF8.GetBytes(json)), null, NoMemory());
        var data = await body.ReadJsonAsync(Limit, default);
        Assert.Equal(json, data!.ToJsonString());
        Assert.False(body.IsBuffered);
        Assert.True(body.IsKept);
        using var again = new StreamReader(body.OpenStream());
        Assert.Equal(json, await again.ReadToEndAsync());
    }

    [Theory]
    [InlineData("read")]
    [InlineData("share")]
    public async Task Body_BeyondTheDisk_IsUnavailableAndGivesEverythingBack(string how)
    {
        var budget = new BodyBudget(Path.GetTempPath(), mostInMemory: 0, mostOnDisk: 50_000);
        using (var body = Body.FromStream(new Trickle(new byte[100_000]), null, budget))
        {
            var fault = await Assert.ThrowsAsync<GatewayException>(async () =>
            {
                if (how == "read") await body.ReadBytesAsync(Limit, default);
                else await body.ShareAsync(default);
            });
            Assert.Equal((FaultSource.Gateway, FaultKind.Unavailable, true), (fault.FaultSource, fault.Kind, fault.Retryable));
            Assert.Contains("max_spool_size", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal((0, 0), (budget.InMemory, budget.OnDisk));
    }

    [Fact]
    public async Task Body_ThatIsOnlyLookedAt_PassesWhereThereIsNoRoom()
    {
        var sent = RandomNumberGenerator.GetBytes(300_000);
        using var body = Body.FromStream(new Trickle(sent), null, new BodyBudget(Path.GetTempPath(), mostInMemory: 0, mostOnDisk: 50_000));
        Assert.False(await body.TryKeepAsync(Limit, default));
        Assert.Equal(sent, await AllAsync(body.OpenStream()));
    }

    [Fact]
    public async Task SmallBody_NeedsNoBudget()
    {
        var budget = new BodyBudget(Path.GetTempPath(), mostInMemory: 0, mostOnDisk: 0);
        using var body = Body.FromStream(new MemoryStream(new byte[4000]), null, budget);
        Assert.Equal(4000, (await body.ReadBytesAsync(Limit, default)).Length);
    }

    [Fact]
    public void Room_OfAMessageThatNobodyDisposed_ComesBack()
    {
        var budget = new BodyBudget(Path.GetTempPath());
        Drop(budget);
        for (var i = 0; i < 50 && budget.InMemory > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, budget.InMemory);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Drop(BodyBudget budget) => Assert.NotNull(budget.TryHold(1000));
    }

    /// <summary>
    /// A write that the disk takes in part leaves bytes behind. They are no part of the message. A block is 64 KiB: the disk takes a part of one only
    /// if its free space is no multiple of that, so something else is on it. Looked at once, and twice.
    /// </summary>
    [SmallDiskFact]
    public async Task FullDisk_OfALook_DoublesNoBytes()
    {
        foreach (var other in new[] { 0, 4096, 20 * 1024, 60 * 1024 })
        {
            using var disk = SmallDisk.Mount();
            await File.WriteAllBytesAsync(Path.Combine(disk.Folder, "other"), new byte[other]);
            var sent = RandomNumberGenerator.GetBytes(3 * 1024 * 1024);
            for (var looks = 1; looks <= 2; looks++)
            {
                using var body = Body.FromStream(new Trickle(sent), null, new BodyBudget(disk.Folder));
                for (var look = 0; look < looks; look++) Assert.False(await body.TryKeepAsync(Limit, default));
                Assert.Equal(sent, await AllAsync(body.OpenStream()));
            }
        }
    }

    [SmallDiskFact]
    public async Task FullDisk_OfAReadOrAFanOut_IsStorageFull()
    {
        using var disk = SmallDisk.Mount();
        var budget = new BodyBudget(disk.Folder, mostInMemory: 0);
        foreach (var share in new[] { true, false })
        {
            using var body = Body.FromStream(new Trickle(new byte[3 * 1024 * 1024]), null, budget);
            var fault = await Assert.ThrowsAsync<GatewayException>(async () =>
            {
                if (share) await body.ShareAsync(default);
                else await body.ReadBytesAsync(Limit, default);
            });
            Assert.Equal(FaultKind.StorageFull, fault.Kind);
        }

        Assert.Equal((0, 0), (budget.InMemory, budget.OnDisk));
    }

    /// <summary>Two steps that look, and a body that is longer than they may keep: one file, gone with the message.</summary>
    [Fact]
    public async Task LookingTwice_ReadsOnceAndHoldsOneFile()
    {
        var budget = new BodyBudget(Path.GetTempPath());
        var sent = RandomNumberGenerator.GetBytes(300_000);
        var source = new Trickle(sent);
        using (var body = Body.FromStream(source, null, budget))
        {
            Assert.False(await body.TryKeepAsync(200_000, default));
            var (position, onDisk) = (source.Position, budget.OnDisk);
            Assert.False(await body.TryKeepAsync(200_000, default));
            Assert.Equal((position, onDisk), (source.Position, budget.OnDisk));
            Assert.Equal(sent, await AllAsync(body.OpenStream()));
        }

        Assert.Equal((0, 0), (budget.InMemory, budget.OnDisk));
    }

    [Fact]
    public async Task Fork_OutlivesNothingAndReleasesNothing()
    {
        var budget = NoMemory();
        var sent = RandomNumberGenerator.GetBytes(100_000);
        using var body = Body.FromStream(new Trickle(sent), null, budget);
        await body.ReadBytesAsync(Limit, default);
        using (var fork = body.Fork()) Assert.Equal(sent, await AllAsync(fork.OpenStream()));
        Assert.Equal(sent, await AllAsync(body.OpenStream()));
    }

    [Fact]
    public async Task ReplacedByAStream_MayReadFromWhatWasReceived()
    {
        using var body = Body.FromStream(new Trickle(new byte[100_000]), null, NoMemory());
        await body.ReadBytesAsync(Limit, default);
        body.Replace(body.OpenStream(), 100_000);
        Assert.True(body is { IsReplaced: true, IsKept: false, Length: 100_000, HasData: false });
        Assert.Equal(100_000, (await AllAsync(body.OpenStream())).Length);
    }

    [Fact]
    public async Task Bytes_AfterTheMessageHasEnded_AreRefusedAndDoNotCrash()
    {
        var body = Body.FromStream(new Trickle(new byte[100_000]), null, NoMemory());
        var bytes = await body.ReadBytesAsync(Limit, default);
        body.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bytes.Span.Length);
    }

    [Fact]
    public async Task Upload_IsDescribedFromItsFile()
    {
        using var request = Requests.Post(new Trickle(new byte[200_000]), ("content-type", "application/octet-stream"));
        Assert.NotNull(await new ContentReader(new ContentLimitsSection()).ReadAsync(request, default));
        Assert.True(request.Body is { IsKept: true, IsBuffered: false, Length: 200_000 });
    }

    private static BodyBudget NoMemory() => new(Path.GetTempPath(), mostInMemory: 0);

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
