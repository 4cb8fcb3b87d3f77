using System.Net;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Management;

/// <summary>What an operator sees who opens the management port.</summary>
public sealed class StatusPageTests
{
    /// <summary>The meter is the process's: a pipeline of this name is in no other test, so what is counted is of these.</summary>
    private static readonly string Dead = ManagedGateway.DeadPipeline(FreePort.Take(), "dead_of_status_page");

    [Theory]
    [InlineData("/")]
    [InlineData("/admin")]
    [InlineData("/admin/")]
    public async Task Page_ShowsWhatRuns_AndLoadsNothing(string path)
    {
        await using var gateway = await ManagedGateway.StartAsync(more: Dead);
        for (var i = 0; i < 3; i++) await gateway.Gateway.GetAsync("/dead");
        await gateway.Gateway.SettledAsync();
        using var response = await gateway.Anybody.GetAsync(path);
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (response.StatusCode, $"{response.Content.Headers.ContentType}"));
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            Assert.Single(response.Headers.GetValues("content-security-policy")));
        Assert.Contains("<span class=\"badge ready\">ready</span>", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"dead_of_status_page: sources main, then endpoint dead_of_status_page, then backend dead, then targets dead "
            + "(down)\"", page, StringComparison.Ordinal);
        Assert.Contains("3 requests in the last hour, 3 failed", page, StringComparison.Ordinal);
        Assert.Contains("Target &#39;dead&#39; of backend &#39;dead&#39; is down since 20", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"down\">down</span>", page, StringComparison.Ordinal);
        Assert.Matches("<h2>Last hour</h2><p>[0-9]+ requests, [0-9]+ failed; at most [0-9]+ a minute</p><svg class=\"chart\"", page);
        Assert.Contains("<td data-label=\"target\">dead</td>", page, StringComparison.Ordinal);
        Assert.Contains("name=\"viewport\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page.Replace("http://127.0.0.1", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_SaysWhatIsWrongWithTheFiles_AndQuotesNothingAsMarkup()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        gateway.Gateway.Folder.Write(
            "config.toml", gateway.Gateway.Managed("one").Replace("service = \"echo\"", "service = \"<b>\"", StringComparison.Ordinal));
        await gateway.PostAsync("reload");
        var page = await gateway.Anybody.GetStringAsync("/");
        Assert.Contains("unknown service &#39;&lt;b&gt;&#39;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Matches(@"Version 1 of <code>[^<]+</code> runs since 20[^(]+Z\.</p>", page);
        Assert.Matches(@"The files do not load \(20[^(]+Z, (management API|files changed)\)", page);
    }

    [Fact]
    public async Task Page_IsForOperators()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("x-forwarded-for", "10.0.0.1");
        using var response = await gateway.Anybody.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
