using Harmony.Core.Routing;

namespace Harmony.Core.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly RouteTable<string> Mixed = Table(
        "/patterns", "/patterns/{id}", "/patterns/{id}/x", "/patterns/fixed/y", "/patterns/{*rest}", "/patterns/v{n}", "/patterns/v{n}.json",
        "PREFIX /", "PREFIX /api", "PREFIX /api/v2", "PREFIX /api/{tenant}/fhir", "/api/v2/{id}", "/top/");

    [Theory]
    [InlineData("/patterns", "/patterns", 9)]
    [InlineData("/patterns/", "PREFIX /", 0)]
    [InlineData("/patterns/1", "/patterns/{id}", 11)]
    [InlineData("/patterns/v1", "/patterns/v{n}", 12)]
    [InlineData("/patterns/v1.json", "/patterns/v{n}.json", 17)]
    [InlineData("/patterns/v", "/patterns/{id}", 11)]
    [InlineData("/patterns/1/x", "/patterns/{id}/x", 13)]
    [InlineData("/patterns/fixed/y", "/patterns/fixed/y", 17)]
    [InlineData("/patterns/fixed/x", "/patterns/{id}/x", 17)] // back from the literal
    [InlineData("/patterns/fixed/z", "/patterns/{*rest}", 9)] // back from both
    [InlineData("/patterns/v1/x", "/patterns/{id}/x", 14)]
    [InlineData("/", "PREFIX /", 0)]
    [InlineData("/other", "PREFIX /", 0)]
    [InlineData("/top", "PREFIX /", 0)]
    [InlineData("/top/", "/top/", 5)]
    [InlineData("/api", "PREFIX /api", 4)]
    [InlineData("/api/", "PREFIX /api", 4)]
    [InlineData("/api/x", "PREFIX /api", 4)]
    [InlineData("/apix", "PREFIX /", 0)]
    [InlineData("/api/v2", "PREFIX /api/v2", 7)]
    [InlineData("/api/v2/", "PREFIX /api/v2", 7)]
    [InlineData("/api/v2/1", "/api/v2/{id}", 9)]
    [InlineData("/api/v2/1/2", "PREFIX /api/v2", 7)]
    [InlineData("/api/clinic/fhir/Patient", "PREFIX /api/{tenant}/fhir", 16)]
    [InlineData("/api/clinic/fhirx", "PREFIX /api", 4)]
    [InlineData("/api/a%20b/fhir/x%24y", "PREFIX /api/{tenant}/fhir", 15)]
    [InlineData("/api/%24%24/fhir/x", "PREFIX /api/{tenant}/fhir", 16)] // the length counts what was sent
    [InlineData("/api/%24%24/fhir", "PREFIX /api/{tenant}/fhir", 16)]
    public void Match_ManyRoutes_FindsTheMostSpecific(string path, string expected, int prefixLength)
    {
        var match = Mixed.Match(path, "GET");

        Assert.Equal((RouteOutcome.Found, expected, prefixLength), (match.Outcome, match.Value, match.PrefixLength));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("/b")]
    [InlineData("/A")]
    [InlineData("/a/b/c")]
    public void Match_NoRouteForPath_IsNotFound(string path)
    {
        var match = Table("/a", "PREFIX /a/b/{x}/d", "/{x}/b").Match(path, "GET");

        Assert.Equal(RouteOutcome.NotFound, match.Outcome);
        Assert.Null(match.Value);
        Assert.Empty(match.AllowedMethods);
    }

    [Theory]
    [InlineData("/a", "GET", "get a")]
    [InlineData("/a", "POST", "any a")] // the specific method wins, any takes the rest
    [InlineData("/b/c", "GET", "get b/c")]
    [InlineData("/b/c", "PUT", "put b/{x}")] // a method mismatch falls back to a less specific route
    [InlineData("/b/c", "DELETE", "delete below b")]
    [InlineData("/b/c", "HEAD", "405 DELETE,GET,PUT")]
    [InlineData("/b/d", "GET", "405 DELETE,PUT")]
    [InlineData("/b/c", "get", "405 DELETE,GET,PUT")]
    [InlineData("/c", "GET", "404")]
    public void Match_ByMethod_FallsBackBeforeItRefuses(string path, string method, string expected)
    {
        var builder = new RouteTable<string>.Builder();
        Add(builder, "/a", "GET", "get a");
        Add(builder, "/a", null, "any a");
        Add(builder, "/b/c", "GET", "get b/c");
        Add(builder, "/b/{x}", "PUT", "put b/{x}");
        Assert.True(builder.TryAddPrefix("/b", "DELETE", "delete below b", out _));

        var match = builder.Build().Match(path, method);

        Assert.Equal(expected, match.Outcome switch
        {
            RouteOutcome.Found => match.Value,
            RouteOutcome.MethodNotAllowed => "405 " + string.Join(',', match.AllowedMethods),
            _ => "404",
        });
    }

    [Fact]
    public void TryAdd_SameShapeAndMethod_AnswersTheExisting()
    {
        var builder = new RouteTable<string>.Builder();
        Add(builder, "/a/{id}", "GET", "first");
        Add(builder, "/a/{id}", null, "any");

        Assert.False(builder.TryAdd(Pattern("/a/{name}"), "GET", "second", out var existing));
        Assert.Equal("first", existing);
        Assert.False(builder.TryAdd(Pattern("/a/{name}"), null, "second", out existing));
        Assert.Equal("any", existing);
        Assert.True(builder.TryAdd(Pattern("/a/{name}"), "POST", "third", out _));
    }

    [Fact]
    public void TryAddPrefix_SamePrefix_AnswersTheExisting()
    {
        var builder = new RouteTable<string>.Builder();
        Assert.True(builder.TryAddPrefix("/api", null, "first", out _));

        Assert.False(builder.TryAddPrefix("/%61pi/", null, "second", out var existing));
        Assert.Equal("first", existing);
        Assert.True(builder.TryAdd(Pattern("/api"), null, "exact", out _));
        Assert.True(builder.TryAdd(Pattern("/api/{*rest}"), null, "below", out _));
        Assert.Throws<ArgumentException>(() => builder.TryAddPrefix("/api/{*rest}", null, "x", out _));
    }

    [Fact]
    public void Build_BuilderUsedAgain_LeavesTheTableAlone()
    {
        var builder = new RouteTable<string>.Builder();
        Add(builder, "/a", "GET", "a");
        var table = builder.Build();

        Add(builder, "/a", "POST", "later");

        Assert.Equal(RouteOutcome.MethodNotAllowed, table.Match("/a", "POST").Outcome);
    }

    /// <summary>The trie and the patterns it is made of agree on which paths have a route.</summary>
    [Fact]
    public void Match_RandomPaths_AgreesWithThePatterns()
    {
        string[] texts = ["/a", "/a/{x}", "/{x}/b", "/a/b", "/{x}.a", "/b{*x}", "/x*", "/{x}/{y}/a", "/a/{*x}"];
        var patterns = texts.Select(Pattern).ToArray();
        var table = Table(texts);
        foreach (var raw in RandomPaths.Generate(seed: 11, count: 20_000))
        {
            if (!CanonicalPath.TryCreate(raw, out var path, out _, out _)) continue;
            var match = table.Match(path, "GET");
            Assert.Equal(patterns.Any(pattern => pattern.IsMatch(path)), match.Outcome == RouteOutcome.Found);
            if (match.Outcome == RouteOutcome.Found) Assert.True(Pattern(match.Value).IsMatch(path), $"{path} is not {match.Value}");
        }
    }

    [Fact]
    public void Match_FoundAndNotFound_AllocateNothing()
    {
        var table = Table("/studies/{study}/series/{series}", "PREFIX /api/{tenant}", "/files/{*rest}");
        foreach (var path in new[] { "/studies/1.2/series/3.4", "/api/x/y", "/api/%24x/y%20z", "/files/a/b", "/none", "/studies/1" })
            Assert.Equal(0, Allocations.Of(() => table.Match(path, "GET")));
    }

    private static RouteTable<string> Table(params string[] routes)
    {
        var builder = new RouteTable<string>.Builder();
        foreach (var route in routes)
        {
            if (route.StartsWith("PREFIX ", StringComparison.Ordinal)) Assert.True(builder.TryAddPrefix(route["PREFIX ".Length..], null, route, out _));
            else Add(builder, route, null, route);
        }
        return builder.Build();
    }

    private static void Add(RouteTable<string>.Builder builder, string pattern, string? method, string value)
        => Assert.True(builder.TryAdd(Pattern(pattern), method, value, out _));

    private static RoutePattern Pattern(string text)
        => RoutePattern.TryParse(text, out var pattern, out var error) ? pattern : throw new ArgumentException(error, nameof(text));
}
