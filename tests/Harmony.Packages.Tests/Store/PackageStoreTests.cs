using System.Text;
using Harmony.Packages.Store;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Packages.Tests.Store;

/// <summary>The store of packages: limits, damage, several users of one folder.</summary>
public sealed class PackageStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestTimeProvider _clock = new();

    [Theory]
    [InlineData(2, 0, 0, 2)]
    [InlineData(0, 25, 0, 2)]
    [InlineData(0, 0, 150, 3)]
    [InlineData(0, 0, 0, 4)]
    public async Task Trim_TakesTheOldestAway(int packages, long bytes, int seconds, int left)
    {
        using var store = Use();
        for (var i = 0; i < 4; i++)
        {
            await AddAsync(store, "1.2." + i, "ten bytes!");
            _clock.Advance(TimeSpan.FromSeconds(45));
        }

        await store.TrimAsync(new PackageLimits(packages, bytes, TimeSpan.FromSeconds(seconds)), default);

        var there = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            if (await store.NewestAsync("1.2." + i, default) is not null) there.Add(i);
        }

        Assert.Equal(Enumerable.Range(4 - left, left), there);
    }

    [Fact]
    public async Task StudyWithSeveralPackages_GivesTheNewest()
    {
        using var store = Use();
        await AddAsync(store, "1.2", "old");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var newest = await AddAsync(store, "1.2", "new");

        Assert.Equal(newest, (await store.NewestAsync("1.2", default))!.Id);
        Assert.Equal(2, (await store.StartAsync(default)).OfStudy("1.2").Count);
    }

    [Theory]
    [InlineData("this is no database at all, only text that is long enough to be taken for one by its length")]
    [InlineData("")]
    public async Task DamagedIndex_IsMadeAgain(string damage)
    {
        Guid id;
        using (var store = Use()) id = await AddAsync(store, "1.2", "x");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "index.db"), damage);

        using var again = Use();
        Assert.Equal([id], (await again.StartAsync(default)).All().Select(p => p.Id));
        await using var archive = await again.OpenAsync(id, default);
        Assert.Equal(1, archive!.Length);
    }

    [Fact]
    public async Task ArchiveThatSomebodyTookAway_IsNotFound()
    {
        using var store = Use();
        var id = await AddAsync(store, "1.2", "x");
        File.Delete(Directory.EnumerateFiles(_folder.PathOf("packages"), $"{id}.zip", SearchOption.AllDirectories).Single());

        Assert.Null(await store.NewestAsync("1.2", default));
        Assert.Null(await store.OpenAsync(id, default));
    }

    /// <summary><c>harmony check</c> makes stores and does not start them, while a gateway writes there.</summary>
    [Fact]
    public void StoreThatIsOnlyLookedAt_LeavesTheFolderAlone()
    {
        _folder.Write("incoming/a.part", "of a gateway that runs");
        using var store = Use();
        var file = Assert.Single(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.Equal("incoming/a.part", Path.GetRelativePath(_folder.Path, file));
        store.Prepare();
        Assert.False(File.Exists(_folder.PathOf("incoming/a.part")));
    }

    [PlatformFact("linux", "macos")]
    public void FileThatIsBeingWritten_StaysAtTheStartOfAnother()
    {
        _folder.Write("incoming/a.part", "");
        using var writing = new FileStream(_folder.PathOf("incoming/a.part"), FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        using var store = Use();
        store.Prepare();
        Assert.True(File.Exists(_folder.PathOf("incoming/a.part")));
    }

    [Fact]
    public async Task OneFolder_IsOneStore()
    {
        var first = Use();
        using var second = Use();
        Assert.Same(first, second);
        first.Dispose();
        Assert.Null(await second.NewestAsync("1.2", default));
    }

    [Fact]
    public async Task Lookup_AmongManyPackages_TakesNoLongerThanMilliseconds()
    {
        using var index = PackageIndex.Open(Path.Combine(_folder.Path, "many.db"));
        index.AddAll([.. Enumerable.Range(0, 20_000).Select(i => new IndexedPackage(Guid.NewGuid(), $"1.2.{i}", i, _clock.GetUtcNow()))]);
        await Task.Yield();

        for (var i = 0; i < 100; i++) Assert.Single(index.OfStudy($"1.2.{i * 200}"));
    }

    public void Dispose() => _folder.Dispose();

    private PackageStore Use() => PackageStore.Use(_folder.Path, _clock, NullLogger.Instance);

    private static async Task<Guid> AddAsync(PackageStore store, string study, string text)
    {
        var id = Guid.NewGuid();
        var file = store.Create();
        await file.WriteAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(StoreOutcome.Stored, await store.StoreAsync(file, id, study, default));
        return id;
    }
}
