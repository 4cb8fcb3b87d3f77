using System.Text;
using Harmony.Core.Routing;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>Threat: Traefik CVE-2025-66490, CVE-2026-40912, -48020; Caddy CVE-2026-27587: one path for route, filter and origin.</summary>
public class PathEncodingTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task EverySpelling_ReachesTheOriginInOneFormOrNotAtAll()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        foreach (var path in PathEncodings.All) await AssertAsync(gateway, origin, path, PathOddities.None);
    }

    [Fact]
    public async Task EverySpelling_AllowedByTheEndpoint_IsUnchangedInThatRespectOnly()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway =
            await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/\"\nallow_encoded = [\"slash\", \"backslash\", \"double\"]" }.StartAsync();
        const PathOddities All = PathOddities.EncodedSlash | PathOddities.EncodedBackslash | PathOddities.DoubleEncoding;
        foreach (var path in PathEncodings.All) await AssertAsync(gateway, origin, path, All);
    }

    [Fact]
    public async Task EverySpelling_UnderAPrefix_IsRoutedByWhatTheOriginSees()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/api\"" }.StartAsync();
        foreach (var path in PathEncodings.All.Where(p => p.Oddities == PathOddities.None && p.Canonical is not null))
        {
            origin.Heads.Clear();
            var status = await StatusAsync(gateway, path.Raw);
            var below = path.Canonical == "/api" || path.Canonical!.StartsWith("/api/", StringComparison.Ordinal);
            if (!below) Assert.True(status is 400 or 404 && origin.Heads.IsEmpty, $"{path}: {status}");
            else Assert.Equal(path.Canonical["/api".Length..] is { Length: > 0 } rest ? rest : "/", PathOf(origin));
        }
    }

    private static async Task AssertAsync(TestGateway gateway, RawOrigin origin, PathEncoding path, PathOddities allowed)
    {
        origin.Heads.Clear();
        var status = await StatusAsync(gateway, path.Raw);
        if (path.Canonical is null || (path.Oddities & ~allowed) != PathOddities.None)
        {
            Assert.True(status == 400 && origin.Heads.IsEmpty, $"{path}: {status}, origin saw {origin.Heads.FirstOrDefault()}");
            return;
        }

        // Kestrel takes request lines of plain ASCII without blanks only; stricter than our table is fine.
        if (status == 400 && path.Raw.Any(c => c is <= ' ' or > '~') && origin.Heads.IsEmpty) return;
        Assert.True(status == 200, $"{path}: {status}");
        Assert.Equal(path.Canonical, PathOf(origin));
    }

    private static string PathOf(RawOrigin origin) => origin.Heads.Single().Split(' ')[1].Split('?')[0];

    private static async Task<int> StatusAsync(TestGateway gateway, string target)
    {
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.Stream.WriteAsync(Encoding.UTF8.GetBytes($"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n"), Guard.Token);
        return (await RawAnswer.ReadAsync(client)).Status;
    }
}
