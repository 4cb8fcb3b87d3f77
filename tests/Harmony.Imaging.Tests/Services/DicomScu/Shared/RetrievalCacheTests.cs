using Harmony.Dicom.Data.Uids;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomScu.Retrieved;
using Harmony.Imaging.Services.DicomScu.Shared;
using Harmony.Testing;

namespace Harmony.Imaging.Tests.Services.DicomScu.Shared;

/// <summary>Retrievals that share one room on the disk: whatever others do, a retrieval goes on whose own readers go on.</summary>
public sealed class RetrievalCacheTests : IDisposable
{
    private const int Room = 100;

    private readonly string _root = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A client that does not read fills the room; the retrieval of another client goes on all the same.</summary>
    [Fact]
    public async Task Readers_ThatStandStill_DoNotHoldUpOtherRetrievals()
    {
        await using var cache = NewCache();
        await using var still = cache.Join(Scope("1"), (retrieval, ct) => BringAsync(cache, retrieval, 5, ct));
        Assert.NotNull(await still.NextAsync(Guard.Token));

        await using var other = cache.Join(Scope("2"), (retrieval, ct) => BringAsync(cache, retrieval, 20, ct));

        Assert.Equal(20, await CountAsync(other));
        Assert.Equal(4, await CountAsync(still));
    }

    /// <summary>A retrieval waits for its reader; by the time that the reader goes on, others have made room.</summary>
    [Fact]
    public async Task Room_ThatOthersGiveBack_IsSeen()
    {
        await using var cache = NewCache();
        var first = cache.Join(Scope("1"), (retrieval, ct) => BringAsync(cache, retrieval, 1, ct));
        Assert.NotNull(await first.NextAsync(Guard.Token));
        await using var second = cache.Join(Scope("2"), (retrieval, ct) => BringAsync(cache, retrieval, 2, ct));
        Assert.NotNull(await second.NextAsync(Guard.Token));
        Assert.Equal(1, await CountAsync(first) + 1);

        await first.DisposeAsync();

        Assert.Equal(1, await CountAsync(second));
    }

    /// <summary>A retrieval whose first objects are gone, or that nobody wants, takes no more readers: they would miss objects.</summary>
    [Fact]
    public async Task Reader_NeverJoinsARetrievalWhoseFirstObjectsAreGone()
    {
        await using var cache = NewCache();
        var retrievals = 0;
        var readers = Enumerable.Range(0, 50).Select(async _ =>
        {
            await using var reader = cache.Join(Scope("1"), (retrieval, ct) =>
            {
                Interlocked.Increment(ref retrievals);
                return BringAsync(cache, retrieval, 20, ct);
            });
            var count = 0;
            while (await reader.NextAsync(Guard.Token) is { } shared)
            {
                Assert.True(File.Exists(shared.Path));
                count++;
                await Task.Yield();
            }

            return count;
        });

        Assert.All(await Task.WhenAll(readers), count => Assert.Equal(20, count));
        Assert.InRange(retrievals, 1, 50);
    }

    private static RetrievalScope Scope(string series) => new("1", series);

    private RetrievalCache NewCache()
        => new(new RetrievedFolders(_root, TimeSpan.Zero, TimeProvider.System), Room, TimeSpan.FromHours(1), TimeProvider.System, _ => { });

    /// <summary>Brings objects of 60 bytes, of which one has room beside another, and two have not.</summary>
    private static async Task BringAsync(RetrievalCache cache, SharedRetrieval retrieval, int count, CancellationToken ct)
    {
        Directory.CreateDirectory(retrieval.Folder.Path);
        for (var i = 0; i < count; i++)
        {
            var path = Path.Combine(retrieval.Folder.Path, $"{i}.dcm");
            await File.WriteAllBytesAsync(path, new byte[60], ct);
            retrieval.Add(new SharedObject(path, 60, $"1.{i}", TransferSyntax.ExplicitVRLittleEndian, retrieval.Scope.Series, $"{i}"));
            await cache.WaitForRoomAsync(retrieval, ct);
        }
    }

    private static async Task<int> CountAsync(SharedReader reader)
    {
        var count = 0;
        while (await reader.NextAsync(Guard.Token) is not null) count++;
        return count;
    }
}
