using System.Net;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>What clients are told when the system fails, is slow, refuses, or sends what nobody understands; and that nothing is left behind.</summary>
public sealed class BridgeFailureTests
{
    private const string Series = "studies/1.2/series/1.2.1";

    /// <summary>What failed after the status was sent is broken off, so that nobody takes part of a study for the whole.</summary>
    [Fact]
    public async Task A_system_that_fails_in_the_middle_has_the_response_reset()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FailsObject = 1 });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(Series);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(Guard.Token));
    }

    [Fact]
    public async Task A_system_that_lets_two_in_serves_forty_or_asks_them_to_wait()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, "prefetch = \"none\"", "max_associations = 2");

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => gateway.GetAsync($"studies/1.2/series/1.2.{1 + (i % 2)}/instances/1.2.{1 + (i % 2)}.{1 + (i / 2 % 2)}")));

        Assert.All(responses, r => Assert.True(r.StatusCode == HttpStatusCode.OK || (r.StatusCode == HttpStatusCode.ServiceUnavailable && r.Headers.RetryAfter is not null), $"{r.StatusCode}"));
    }

    [Fact]
    public async Task A_system_that_lets_nobody_in_is_503_or_502()
    {
        await using var busy = FakePacs.Start(new FakePacsSettings { Rejects = _ => Harmony.Dicom.Network.Pdus.AssociationRejection.LocalLimitExceeded });
        await using var gateway = await WebGateway.BridgeAsync(busy.Port, scu: "max_retries = 1");
        await using var gone = await WebGateway.BridgeAsync(FreePort.Take(), scu: "max_retries = 0");

        using var later = await gateway.GetAsync("studies");
        using var never = await gone.GetAsync("studies/1.2");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
        Assert.NotNull(later.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.BadGateway, never.StatusCode);
        Assert.Equal("application/problem+json", never.Content.Headers.ContentType!.MediaType);
    }
}
