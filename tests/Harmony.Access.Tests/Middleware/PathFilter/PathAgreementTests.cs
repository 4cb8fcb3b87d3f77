using System.Text;
using Harmony.Access.Tests.Middleware.Policies;
using Harmony.Core.Routing;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.PathFilter;

/// <summary>
/// Threat: Traefik CVE-2025-66490, CVE-2026-40912, -48020; Caddy CVE-2026-27587: for every spelling, the route, the filter and the path
/// rule judge the path that the origin sees.
/// </summary>
public sealed class PathAgreementTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("path_filter", 404)]
    [InlineData("path_rule", 403)]
    public async Task EverySpelling_OfADeniedPath_NeverReachesTheOrigin(string judge, int refused)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await StartAsync(origin, judge);
        foreach (var path in PathEncodings.All)
        {
            origin.Heads.Clear();
            var status = await StatusAsync(gateway, path.Raw);
            var seen = origin.Heads.Select(h => h.Split(' ')[1].Split('?')[0]).SingleOrDefault();
            if (status == 400)
            {
                Assert.Null(seen);
                continue;
            }

            var denied = IsDenied(path.Canonical!);
            Assert.True(status == (denied ? refused : 200), $"{path}: {status}");
            Assert.Equal(denied ? null : path.Canonical, seen);
        }
    }

    /// <summary>A route of its own is a judge, too: what may be read as one of its paths does not come in by another.</summary>
    [Fact]
    public async Task EverySpelling_OfAPathWithARouteOfItsOwn_TakesThatRoute()
    {
        const string Guarded = """
            [pipelines.guarded]
            networks = ["main"]
            endpoints = ["admin"]
            middleware = ["m"]
            backends = ["echo"]
            [endpoints.admin]
            service = "http"
            options.path_prefix = "/admin"
            [middleware.m]
            type = "path_filter"
            options.rules = [{ deny = "/{*rest}" }, { deny = "/" }]
            """;
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.StartAsync(PolicyConfig.With(Guarded)
            .Replace("service = \"echo\"", $"service = \"http\"\noptions.base_url = \"{origin.Url}\"", StringComparison.Ordinal)
            .Replace("endpoints = [\"all\"]\nmiddleware = [\"m\"]", "endpoints = [\"all\"]", StringComparison.Ordinal));
        foreach (var path in PathEncodings.All)
        {
            origin.Heads.Clear();
            await StatusAsync(gateway, path.Raw);
            if (origin.Heads.IsEmpty) continue;
            var isAdmin = new[] { path.Canonical!, PathParameters.Remove(path.Canonical!) }.Any(p => p == "/admin"
                || p.StartsWith("/admin/", StringComparison.Ordinal));
            Assert.False(isAdmin, $"{path}");
        }

        Assert.Equal(404, await StatusAsync(gateway, "/admin/users"));
        Assert.Equal(400, await StatusAsync(gateway, "/admin;a=1/users"));
        Assert.Equal(400, await StatusAsync(gateway, "/admin%3Ba/users"));
        Assert.Equal(200, await StatusAsync(gateway, "/open;a=1/users"));
    }

    /// <summary>What the configuration below denies, said of the path that the origin would see, with and without parameters.</summary>
    private static bool IsDenied(string path)
        => new[] { path, PathParameters.Remove(path) }.Any(p => p.StartsWith("/admin", StringComparison.Ordinal)
            || p.StartsWith("/api/", StringComparison.Ordinal));

    private static Task<TestGateway> StartAsync(RawOrigin origin, string judge)
    {
        var middleware = judge == "path_filter"
            ? "[middleware.m]\ntype = \"path_filter\"\noptions.rules = [{ deny = \"/admin*\" }, { deny = \"/api/{*rest}\" }, { allow = \"/\" }, { allow = "
                + "\"/{*rest}\" }]"
            : PolicyConfig.Rule("path", "mode = \"deny\", paths = [\"/admin*\", \"/api/{*rest}\"]", denies: true);
        return TestGateway.StartAsync(PolicyConfig.With(middleware)
            .Replace("options.path_prefix = \"/\"", "options = { path_prefix = \"/\", allow_encoded = [\"slash\", \"backslash\", \"double\"] }",
                StringComparison.Ordinal)
            .Replace("service = \"echo\"", $"service = \"http\"\noptions.base_url = \"{origin.Url}\"", StringComparison.Ordinal));
    }

    private static async Task<int> StatusAsync(TestGateway gateway, string target)
    {
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.Stream.WriteAsync(Encoding.UTF8.GetBytes($"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n"), Guard.Token);
        return (await RawAnswer.ReadAsync(client)).Status;
    }
}
