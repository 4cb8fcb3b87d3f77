using Harmony.Core.Pipeline;
using Harmony.Core.Routing;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Pipeline;

public class BackendRouteTests
{
    [Fact]
    public void Matches_NoCondition_TakesEverything() => Assert.True(Route().Matches(Requests.Get()));

    [Theory]
    [InlineData("GET", true)]
    [InlineData("get", true)]
    [InlineData("POST", false)]
    public void Matches_Method_IgnoresCase(string method, bool expected) => Assert.Equal(expected, Route(methods: ["PUT", method]).Matches(Requests.Get()));

    [Theory]
    [InlineData("/ping", "/ping", true)]
    [InlineData("/ping", "/pong", false)]
    [InlineData("/{id}", "/7", true)]
    [InlineData("/v2/{*rest}", "/v2/a/b", true)]
    [InlineData("/", "", true)]
    public void Matches_Path_IsThatBelowThePrefix(string pattern, string below, bool expected)
        => Assert.Equal(expected, Route(path: pattern).Matches(Requests.Get("/api" + below, below)));

    [Theory]
    [InlineData("x-tenant", "blue", true)]
    [InlineData("X-TENANT", "blue", true)]
    [InlineData("x-tenant", "*", true)]
    [InlineData("x-tenant", "BLUE", false)]
    [InlineData("x-other", "*", false)]
    [InlineData("accept", "a, b", true)]
    public void Matches_Header_HasThatValue(string name, string value, bool expected)
        => Assert.Equal(expected, Route(headers: [(name, value)]).Matches(Requests.Get("/", "", "", ("X-Tenant", "blue"), ("Accept", "a"), ("Accept", "b"))));

    [Theory]
    [InlineData("a", "1", true)]
    [InlineData("a", "2", true)]
    [InlineData("a", "3", false)]
    [InlineData("b", "*", true)]
    [InlineData("A", "1", false)]
    public void Matches_Query_HasThatValueAmongOthers(string name, string value, bool expected)
        => Assert.Equal(expected, Route(query: [(name, value)]).Matches(Requests.Get("/", "", "a=1&a=2&b")));

    [Theory]
    [InlineData("protocol", "http", true)]
    [InlineData("protocol", "dimse", false)]
    [InlineData("dimse_op", "*", false)]
    public void Matches_Metadata_HasThatValue(string name, string value, bool expected)
        => Assert.Equal(expected, Route(metadata: [(name, value)]).Matches(Requests.Get()));

    [Fact]
    public void Matches_SeveralConditions_AllMustHold()
    {
        var route = Route(methods: ["GET"], path: "/ping", query: [("a", "1")]);
        Assert.True(route.Matches(Requests.Get(query: "a=1")));
        Assert.False(route.Matches(Requests.Get(query: "a=2")));
        Assert.False(route.Matches(Requests.Get("/api/pong", "/pong", "a=1")));
    }

    [Fact]
    public void Matches_MethodPathAndHeader_AllocatesNothing()
    {
        var (route, request) = (Route(methods: ["GET"], path: "/ping", headers: [("x", "1")]), Requests.Get("/api/ping", "/ping", "", ("x", "1")));
        Assert.True(route.Matches(request));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) route.Matches(request);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static BackendRoute Route(
        int backend = 0,
        string[]? methods = null,
        string? path = null,
        (string Name, string Value)[]? headers = null,
        (string Name, string Value)[]? query = null,
        (string Name, string Value)[]? metadata = null)
    {
        RoutePattern? pattern = null;
        if (path is not null) Assert.True(RoutePattern.TryParse(path, out pattern, out _));
        return new BackendRoute
        {
            Backend = backend, Path = pattern, Methods = methods ?? [], Headers = Pairs(headers), Query = Pairs(query), Metadata = Pairs(metadata)
        };
    }

    private static KeyValuePair<string, string>[] Pairs((string Name, string Value)[]? pairs)
        => [.. (pairs ?? []).Select(p => KeyValuePair.Create(p.Name, p.Value))];
}
