using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Egress;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Core.Tests.Egress;

/// <summary>Threats: SSRF by redirects, by names that resolve to metadata services, by names that change their meaning.</summary>
public sealed class EgressClientTests
{
    private static readonly EgressPolicy Policy = EgressPolicy.From(new EgressPolicySection());

    [Fact]
    public async Task Get_Redirect_IsAnAnswerAndNotFollowed()
    {
        var asked = new List<string>();
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            lock (asked) asked.Add(context.Request.Path.Value!);
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var client = NewClient();
        var answer = await client.GetAsync(new Uri(origin.Url, "/jwks"), Guard.Token);
        Assert.Equal(302, answer.Status);
        Assert.False(answer.IsSuccess);
        Assert.Equal(["/jwks"], asked);
    }

    [Fact]
    public async Task Get_NameResolvesToMetadataService_Denied()
    {
        using var client = NewClient(resolve: _ => [IPAddress.Parse("169.254.169.254"), IPAddress.Parse("::ffff:169.254.169.254")]);
        var e = await Assert.ThrowsAsync<EgressException>(() => client.GetAsync(new Uri("http://metadata.example/"), Guard.Token));
        Assert.Equal(EgressFailure.Denied, e.Failure);
    }

    [Fact]
    public async Task Get_NameChangesItsMeaning_JudgedAtEachConnection()
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.Headers.Connection = "close";
            return context.Response.WriteAsync("first");
        });
        var resolved = 0;
        using var client = NewClient(resolve: _ => [++resolved == 1 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]);
        var url = new Uri($"http://rebinding.example:{origin.Url.Port}/");
        Assert.Equal("first"u8.ToArray(), (await client.GetAsync(url, Guard.Token)).Body.ToArray());
        var e = await Assert.ThrowsAsync<EgressException>(() => client.GetAsync(url, Guard.Token));
        Assert.Equal(EgressFailure.Denied, e.Failure);
    }

    [Fact]
    public async Task Get_NameHasPermittedAddressToo_ThatOneIsUsed()
    {
        await using var origin = await KestrelOrigin.StartAsync(context => context.Response.WriteAsync("ok"));
        using var client = NewClient(resolve: _ => [IPAddress.Parse("fe80::1"), IPAddress.Loopback]);
        Assert.True((await client.GetAsync(new Uri($"http://mixed.example:{origin.Url.Port}/"), Guard.Token)).IsSuccess);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_AnswerTooLarge_NotRead(bool declared)
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            if (declared) context.Response.ContentLength = 2000;
            return context.Response.WriteAsync(new string('x', 2000));
        });
        using var client = NewClient(new EgressSettings { MaxResponseBytes = 1999 });
        var e = await Assert.ThrowsAsync<EgressException>(() => client.GetAsync(origin.Url, Guard.Token));
        Assert.Equal(EgressFailure.TooLarge, e.Failure);
    }

    [Fact]
    public async Task Get_AnswerNeverComes_TimeoutNamesHostOnly()
    {
        var arrived = Guard.NewSignal();
        var gone = Guard.NewSignal();
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            arrived.SetResult();
            return gone.Task;
        });
        var clock = new TestTimeProvider();
        using var client = new EgressClient(Policy, new EgressSettings { Timeout = TimeSpan.FromSeconds(7) }, clock);
        var asking = client.GetAsync(new Uri(origin.Url, "/path?token=1"), Guard.Token);
        await arrived.Task.Guarded();
        clock.Advance(TimeSpan.FromSeconds(7));
        var e = await Assert.ThrowsAsync<EgressException>(() => asking.Guarded());
        Assert.Equal((EgressFailure.Timeout, "'127.0.0.1' did not respond within 7 s"), (e.Failure, e.Message));
        await gone.Task.Guarded();
    }

    [Fact]
    public async Task Get_NobodyListens_Unreachable()
    {
        using var client = NewClient();
        var e = await Assert.ThrowsAsync<EgressException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{FreePort.Take()}/"), Guard.Token));
        Assert.Equal(EgressFailure.Unreachable, e.Failure);
    }

    [Theory]
    [InlineData("", false, "Unreachable")]
    [InlineData("", true, "Unreachable")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", false, "Unreachable")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", false, "Unreachable")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", true, "Unreachable")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false, "Unreachable")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n", false, "Protocol")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", false, "Protocol")]
    public async Task Get_AnswerEndsEarly_IsUnreachable_NoHttp_IsNot(string answer, bool reset, string failure)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(answer);
            if (reset) connection.Reset();
        });
        using var client = NewClient();
        var e = await Assert.ThrowsAsync<EgressException>(() => client.GetAsync(origin.Url, Guard.Token));
        Assert.Equal(failure, e.Failure.ToString());
    }

    private static EgressClient NewClient(EgressSettings? settings = null, Func<string, IPAddress[]>? resolve = null)
        => new(Policy, settings ?? new EgressSettings(), TimeProvider.System, resolve is null
            ? null
            : new EgressConnector(Policy, (host, _) => Task.FromResult(resolve(host))));
}
