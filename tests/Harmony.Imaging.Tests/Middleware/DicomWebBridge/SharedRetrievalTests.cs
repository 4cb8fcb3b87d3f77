using System.Net;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>One retrieval of the system for everybody who asks for something of a series.</summary>
public sealed class SharedRetrievalTests
{
    private const string Series = "studies/1.2/series/1.2.1";

    /// <summary>However many ask for something of a series, the system is asked once, and not again for a while.</summary>
    [Theory]
    [InlineData("series", 1)]
    [InlineData("none", 2)]
    public async Task One_retrieval_for_all(string prefetch, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, $"prefetch = \"{prefetch}\"");

        for (var round = 0; round < 2; round++)
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => gateway.GetAsync((i % 4) switch
            {
                0 => $"{Series}/instances/1.2.1.1/metadata",
                1 => $"{Series}/instances/1.2.1.2/bulkdata/7FE00010",
                2 => $"{Series}/instances/1.2.1.1",
                _ => $"{Series}/instances/1.2.1.2",
            })));
            foreach (var response in responses)
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
                response.Dispose();
            }
        }

        Assert.Equal(expected, pacs.Gets);
    }

    /// <summary>A reload costs viewers nothing: what was retrieved is still there, as long as the systems are the same.</summary>
    [Fact]
    public async Task What_was_retrieved_survives_a_reload()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        using var first = await gateway.GetAsync(Series);
        var before = await WebGateway.PartsAsync(first);

        await gateway.Gateway.ReloadAsync(gateway.Toml + "\n# changed\n");
        using var second = await gateway.GetAsync(Series);
        var after = await WebGateway.PartsAsync(second);
        var asked = pacs.Gets;
        await gateway.Gateway.ReloadAsync(gateway.Toml.Replace("aet = \"PACS\"", "aet = \"PACS\"\nlocal_aet = \"OTHER\"", StringComparison.Ordinal));
        using var third = await gateway.GetAsync(Series);

        Assert.Equal(before.Select(p => p.Content), after.Select(p => p.Content));
        Assert.Equal(1, asked);
        Assert.Equal(2, (await WebGateway.PartsAsync(third)).Count);
        Assert.Equal(2, pacs.Gets);
    }

    /// <summary>Who reads while the configuration is replaced reads on.</summary>
    [Fact]
    public async Task A_retrieval_under_way_survives_a_reload()
    {
        var second = Guard.NewSignal();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { ObjectGate = i => i == 0 ? Task.CompletedTask : second.Task });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        using var response = await gateway.GetAsync(Series);

        var reloading = gateway.Gateway.ReloadAsync(gateway.Toml + "\n# changed\n");
        var joined = gateway.GetAsync(Series);
        second.SetResult();

        Assert.Equal(2, (await WebGateway.PartsAsync(response)).Count);
        using var other = await joined;
        Assert.Equal(2, (await WebGateway.PartsAsync(other)).Count);
        await reloading.Guarded();
        Assert.Equal(1, pacs.Gets);
    }

    [Fact]
    public async Task A_series_larger_than_the_cache_passes_through()
    {
        await using var pacs = FakePacs.Start();
        for (var i = 1; i <= 20; i++) pacs.Add("P", "1.2", "1.2.1", $"1.2.1.{i}");
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, scu: "retrieval_cache_bytes = 5000");

        using var response = await gateway.GetAsync("studies/1.2");
        using var again = await gateway.GetAsync("studies/1.2");

        Assert.Equal(20, (await WebGateway.PartsAsync(response)).Count);
        Assert.Equal(20, (await WebGateway.PartsAsync(again)).Count);
    }

    /// <summary>Objects that have gone to the client are not asked for again, even where none of them is on the disk any more.</summary>
    [Fact]
    public async Task A_retrieval_that_breaks_off_is_not_repeated_after_its_objects_have_passed()
    {
        var (reached, isDown) = (Guard.NewSignal(), Guard.NewSignal());
        var settings = new FakePacsSettings
        {
            ObjectGate = i =>
            {
                if (i < 10) return Task.CompletedTask;
                reached.TrySetResult();
                return isDown.Task;
            },
        };
        var pacs = FakePacs.Start(settings);
        for (var i = 1; i <= 20; i++) pacs.Add("P", "1.2", "1.2.1", $"1.2.1.{i}");
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, scu: "retrieval_cache_bytes = 1");
        using var response = await gateway.GetAsync(Series);

        var reading = WebGateway.PartsAsync(response);
        await reached.Task.Guarded();
        await pacs.DisposeAsync();
        await using var again = FakePacs.WithStudy(new FakePacsSettings { Port = pacs.Port });
        isDown.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => reading);
        Assert.Equal(0, again.Gets);
    }
}
