using System.Net;
using System.Text;
using Harmony.Imaging.Middleware.DicomWebBridge;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>Results of searches that are kept where the configuration wants that.</summary>
public sealed class SearchCacheTests
{
    private const string Kept = "search_cache_secs = 60";

    [Fact]
    public async Task The_same_search_asks_once_and_another_asks_again()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, Kept);

        var first = await gateway.JsonAsync("studies?PatientID=PAT1");
        var second = await gateway.JsonAsync("studies?PatientID=PAT1&foo=1");
        Assert.Single(pacs.Identifiers);
        Assert.Equal(first.ToJsonString(), second.ToJsonString());

        foreach (var other in (string[])["studies?PatientID=PAT2", "studies?PatientID=PAT1&limit=1", "studies?PatientID=PAT1&includefield=StudyID,PatientAge",
            "studies?PatientID=PAT1&offset=1"])
        {
            var before = pacs.Identifiers.Count;
            using var response = await gateway.GetAsync(other);
            Assert.Equal(before + 1, pacs.Identifiers.Count);
        }
    }

    [Fact]
    public async Task Without_the_option_each_search_asks()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        for (var i = 0; i < 2; i++) await gateway.JsonAsync("studies?PatientID=PAT1");

        Assert.Equal(2, pacs.Identifiers.Count);
    }

    /// <summary>What was found for one user is shown to nobody else, and a rule that lets somebody pass no more is heeded at once.</summary>
    [Fact]
    public async Task Users_do_not_share_results()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, Kept, middleware: "\"who\", \"bridge\"", more: """
            [middleware.who]
            type = "basic_auth"
            [middleware.who.options]
            credentials_path = "users.txt"
            """, files: new Dictionary<string, string> { ["users.txt"] = "anna:a\nben:b\n" });

        foreach (var (user, asked) in new[] { ("anna:a", 1), ("anna:a", 1), ("ben:b", 2), ("anna:a", 2), ("ben:b", 2) })
        {
            using var response = await gateway.GetAsync(
                "studies?PatientID=PAT1", null, ("Authorization", "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(user))));
            Assert.Equal((HttpStatusCode.OK, asked), (response.StatusCode, pacs.Identifiers.Count));
        }

        using var nobody = await gateway.GetAsync("studies?PatientID=PAT1");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Fact]
    public async Task What_was_stored_is_found_at_once()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, Kept);
        using var before = await gateway.GetAsync("studies?StudyInstanceUID=1.2.3.1");

        using var stored = await gateway.StoreAsync("studies", null, await WebGateway.FileOf(TestObjects.Ct("1.2.3.3")));
        var after = await gateway.JsonAsync("studies?StudyInstanceUID=1.2.3.1");

        Assert.Equal(HttpStatusCode.NoContent, before.StatusCode);
        Assert.Single(after);
    }

    [Fact]
    public async Task Results_go_when_their_time_or_the_room_is_over()
    {
        var clock = new TestTimeProvider();
        var cache = new SearchCache(TimeSpan.FromSeconds(10), maxBytes: 3000, clock);
        var asked = 0;

        await GetAsync("a");
        await GetAsync("a");
        Assert.Equal(1, asked);
        clock.Advance(TimeSpan.FromSeconds(11));
        await GetAsync("a");
        Assert.Equal(2, asked);
        await GetAsync("b");
        await GetAsync("c"); // three are larger than there is room for: the oldest goes
        await GetAsync("c");
        Assert.Equal(4, asked);
        await GetAsync("a");
        Assert.Equal(5, asked);
        cache.Clear();
        await GetAsync("c");
        Assert.Equal(6, asked);

        ValueTask<SearchResults> GetAsync(string key) => cache.GetAsync(key, () =>
        {
            asked++;
            return new(new SearchResults(1, "application/dicom+json", new byte[1000], null, false));
        });
    }

    /// <summary>A search that began before something was stored may not have found it.</summary>
    [Fact]
    public async Task A_search_under_way_while_something_is_stored_is_not_kept()
    {
        var cache = new SearchCache(TimeSpan.FromSeconds(10), 10_000, new TestTimeProvider());
        var asked = 0;

        await GetAsync(cache.Clear);
        await GetAsync(() => { });
        await GetAsync(() => { });

        Assert.Equal(2, asked);

        ValueTask<SearchResults> GetAsync(Action meanwhile) => cache.GetAsync("a", () =>
        {
            asked++;
            meanwhile();
            return new(new SearchResults(1, "application/dicom+json", new byte[10], null, false));
        });
    }
}
