using System.Net;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Metrics;
using Harmony.Gateway.Tests.Management;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Metrics;

/// <summary>The last failures that operators can look at, by the ids of the log.</summary>
public sealed class RecentFailuresTests
{
    private static readonly string Dead = ManagedGateway.DeadPipeline(FreePort.Take());

    [Fact]
    public void Record_OfAFailure_IsKeptWithoutPathAndAddress()
    {
        var failures = new RecentFailures();
        failures.Write(Record("a", 502));
        var kept = Assert.Single(failures.Failed).ToJson().ToJsonString();
        Assert.Contains("\"request_id\":\"a\"", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("Patient", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.7", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", kept, StringComparison.Ordinal);
    }

    /// <summary>Refusals are many where somebody guesses; they leave the failures where they are.</summary>
    [Fact]
    public void Records_AreAtMostAHundredOfEach_TheNewestFirst()
    {
        var failures = new RecentFailures();
        failures.Write(Record("first", 500));
        for (var i = 0; i < 1000; i++) failures.Write(Record($"{i}", 401) with { Reason = new string('x', 10_000) });
        Assert.Equal(["first"], failures.Failed.Select(f => f.RequestId));
        Assert.Equal(Enumerable.Range(900, 100).Reverse().Select(i => $"{i}"), failures.Refused.Select(f => f.RequestId));
        Assert.All(failures.Refused, f => Assert.Equal(RecentFailures.LongestText, f.Reason.Length));
    }

    [Theory]
    [InlineData(200, null, "orders")]
    [InlineData(AccessRecord.ClientClosedRequest, null, "orders")] // a client that went away
    [InlineData(503, "draining", "management")]
    public void Record_OfWhatDidNotFail_IsNotKept(int status, string? reason, string pipeline)
    {
        var failures = new RecentFailures();
        failures.Write(Record("a", status) with { Reason = reason, Pipeline = pipeline });
        Assert.Empty(failures.Failed.Concat(failures.Refused));
    }

    [Fact]
    public async Task Gateway_ShowsThemByTheIdsOfTheLog_InApiAndPage()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: Dead);
        foreach (var (id, path) in new[] { ("lost-1", "/dead?name=Patient"), ("lost-2", "/nothing"), ("fine", "/one") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{gateway.Gateway.Port}{path}"));
            request.Headers.Add("x-request-id", id);
            using var response = await gateway.Anybody.SendAsync(request);
        }

        var (status, answer) = await gateway.GetAsync("failures");
        var (failed, refused) = (Assert.Single(answer["failed"]!.AsArray())!, Assert.Single(answer["refused"]!.AsArray())!);
        Assert.Equal((HttpStatusCode.OK, "lost-1", 502, "dead", "dead"),
            (status, $"{failed["request_id"]}", (int)failed["status"]!, $"{failed["pipeline"]}", $"{failed["backend"]}"));
        Assert.Contains("cannot be reached", $"{failed["reason"]}", StringComparison.Ordinal);
        Assert.Equal(("lost-2", "404", "no route"), ($"{refused["request_id"]}", $"{refused["status"]}", $"{refused["reason"]}"));
        Assert.DoesNotContain("Patient", answer.ToJsonString(), StringComparison.Ordinal);

        var page = await gateway.Anybody.GetStringAsync("/");
        Assert.Contains("<code>lost-1</code>", page, StringComparison.Ordinal);
        Assert.Contains("<code>lost-2</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Patient", page, StringComparison.Ordinal);
    }

    private static AccessRecord Record(string id, int status) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromSeconds(1),
        RequestId = id,
        ClientAddress = IPAddress.Parse("192.0.2.7"),
        User = "ann",
        Protocol = "HTTP/1.1",
        Method = "GET",
        Path = "/Patient/7",
        Query = "name=Patient",
        Status = status,
        BytesIn = 0,
        BytesOut = 0,
        Network = "main",
        Pipeline = "orders",
        Reason = "why",
    };
}
