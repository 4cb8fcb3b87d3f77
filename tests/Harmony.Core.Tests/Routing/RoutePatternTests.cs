using Harmony.Core.Routing;

namespace Harmony.Core.Tests.Routing;

public sealed class RoutePatternTests
{
    [Theory]
    [InlineData("/v1/*/complete", "/v1/42/complete", true)]
    [InlineData("/v1/*/complete", "/v1/a/b/complete", false)]
    [InlineData("/v1/*/complete", "/v1/complete", false)]
    [InlineData("/*/x", "/y/x", true)]
    [InlineData("/*/*/x", "/y/z/x", true)]
    [InlineData("/a/*/*", "/a/b/c/d", true)]
    [InlineData("/a/*/", "/a/b/", true)]
    public void IsMatch_StarBetweenSlashes_IsOneSegment(string pattern, string path, bool matches)
    {
        Assert.True(RoutePattern.TryParse(pattern, out var parsed, out var error), error);
        Assert.Equal(matches, parsed.IsMatch(path));
    }

    [Theory]
    [InlineData("/", "/", true)]
    [InlineData("/", "/a", false)]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a/", false)]
    [InlineData("/a/", "/a/", true)]
    [InlineData("/a/", "/a", false)]
    [InlineData("/a", "/A", false)]
    [InlineData("/a", "/ab", false)]
    [InlineData("/a", "*", false)]
    [InlineData("/a", "", false)]
    [InlineData("/a//b", "/a/b", true)]
    // One segment.
    [InlineData("/{id}", "/x", true)]
    [InlineData("/{id}", "/", false)]
    [InlineData("/{id}", "/x/", false)]
    [InlineData("/{id}", "/x/y", false)]
    [InlineData("/{id}", "/x%2Fy", true)]
    [InlineData("/a/{id}/b", "/a/1/b", true)]
    [InlineData("/a/{id}/b", "/a//b", false)]
    [InlineData("/a/{id}/", "/a/1/", true)]
    // Part of a segment.
    [InlineData("/{name}.json", "/x.json", true)]
    [InlineData("/{name}.json", "/x.json.json", true)]
    [InlineData("/{name}.json", "/.json", false)]
    [InlineData("/{name}.json", "/x.xml", false)]
    [InlineData("/v{ver}", "/v1", true)]
    [InlineData("/v{ver}", "/v", false)]
    [InlineData("/v{ver}/x", "/v1/x", true)]
    [InlineData("/a{b}a", "/aa", false)]
    [InlineData("/a{b}a", "/aba", true)]
    [InlineData("/{name}F.json", "/a%2F.json", false)]
    [InlineData("/{name}F.json", "/aF.json", true)]
    // The rest of the path.
    [InlineData("/a/{*rest}", "/a/x", true)]
    [InlineData("/a/{*rest}", "/a/x/y", true)]
    [InlineData("/a/{*rest}", "/a/x/", true)]
    [InlineData("/a/{*rest}", "/a", false)]
    [InlineData("/a/{*rest}", "/a/", false)]
    [InlineData("/{*rest}", "/", false)]
    [InlineData("/{*rest}", "/x", true)]
    [InlineData("/yyy{*rest}", "/yyy/", true)]
    [InlineData("/yyy{*rest}", "/yyyx", true)]
    [InlineData("/yyy{*rest}", "/yyy", false)]
    // The old wildcards.
    [InlineData("/api/*", "/api/anything", true)]
    [InlineData("/api/*", "/api/any/thing", true)]
    [InlineData("/api/*", "/api", false)]
    [InlineData("/api/*", "/apix", false)]
    [InlineData("/*", "/x", true)]
    [InlineData("/admin*", "/admin", true)]
    [InlineData("/admin*", "/admin/x", true)]
    [InlineData("/admin*", "/administrator", true)]
    [InlineData("/admin*", "/adm", false)]
    // Braces and escapes.
    [InlineData("/{{x}}", "/%7Bx%7D", true)]
    [InlineData("/{{{x}}}", "/%7Babc%7D", true)]
    [InlineData("/{{{x}}}", "/abc", false)]
    [InlineData("/caf\u00E9", "/caf%C3%A9", true)]
    [InlineData("/caf%c3%a9", "/caf%C3%A9", true)]
    [InlineData("/%61", "/a", true)]
    [InlineData("/a%2fb", "/a%2Fb", true)]
    [InlineData("/a/b", "/a%2Fb", false)]
    [InlineData("/a b", "/a%20b", true)]
    [InlineData("/Patient/$everything", "/Patient/%24everything", true)]
    [InlineData("/users/%40me", "/users/@me", true)]
    [InlineData("/a%2A", "/a*", true)]
    [InlineData("/a%2A", "/ab", false)]
    public void IsMatch_PatternAndPath_AnswersLikeMatchit(string pattern, string path, bool expected)
        => Assert.Equal(expected, Parse(pattern).IsMatch(path));

    [Theory]
    [InlineData("", "a pattern starts with '/'")]
    [InlineData("a", "a pattern starts with '/'")]
    [InlineData("/a/{id", "unclosed '{' at column 4")]
    [InlineData("/{a/b}", "unclosed '{' at column 2")]
    [InlineData("/a}", "'}' at column 3 closes nothing")]
    [InlineData("/{}", "the parameter at column 2 has no name")]
    [InlineData("/a/{*}", "the parameter at column 4 has no name")]
    [InlineData("/{*rest}/a", "catch-all '{*rest}' at column 2 must be the end")]
    [InlineData("/{*rest}.json", "catch-all '{*rest}' at column 2 must be the end")]
    [InlineData("/{a}/{a}", "the parameter at column 6 repeats the name 'a'")]
    [InlineData("/{a}{b}", "the parameter at column 5 is the second in its segment")]
    [InlineData("/{a}-{*b}", "the parameter at column 6 is the second in its segment")]
    [InlineData("/{id:int}", "is named 'id:int'; a name has")]
    [InlineData("/a/b*/c", "'*' at column 5 must be a whole segment or the end")]
    [InlineData("/a/*b/c", "'*' at column 4 must be a whole segment or the end")]
    [InlineData("/a/**", "'*' at column 4 must be a whole segment or the end")]
    [InlineData("/a?b=1", "'?' at column 3: a pattern matches the path only")]
    [InlineData("/a/../b", "the segment at column 4 can never match: requests with dot segments")]
    [InlineData("/a/%2e", "the segment at column 4 can never match: requests with dot segments")]
    [InlineData("/a/..;x", "the segment at column 4 can never match: requests with dot segments")]
    [InlineData("/a/b%zz", "the segment at column 4 can never match: invalid percent-encoding")]
    [InlineData("/%c3{x}", "the segment at column 2 can never match: percent-encoded bytes")]
    public void TryParse_Malformed_SaysWhatAndWhere(string text, string expected)
    {
        Assert.False(RoutePattern.TryParse(text, out var pattern, out var error));
        Assert.Null(pattern);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/{id}", "/a/{name}", true)]
    [InlineData("/a/{*x}", "/a/{*y}", true)]
    [InlineData("/a/{*x}", "/a/*", true)]
    [InlineData("/a{*x}", "/a*", false)]
    [InlineData("/a/{id}", "/a/{*id}", false)]
    [InlineData("/{a}.json", "/{b}.json", true)]
    [InlineData("/{a}.json", "/{a}.xml", false)]
    [InlineData("/{{a}}", "/{a}", false)]
    [InlineData("/caf%c3%a9", "/caf\u00E9", true)]
    [InlineData("/a", "/a/", false)]
    [InlineData("/a//b", "/a/b", true)]
    [InlineData("/$x", "/%24x", true)]
    [InlineData("/a%2A", "/a*", false)]
    public void Shape_TwoPatterns_IsEqualWhenTheyClaimTheSameRoute(string first, string second, bool expected)
        => Assert.Equal(expected, Parse(first).Shape == Parse(second).Shape);

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/api/", "/api")]
    [InlineData("/{tenant}/fhir", "/{}/fhir")]
    public void TryParsePrefix_WellFormed_DropsTheLastSlash(string text, string shape)
    {
        Assert.True(RoutePattern.TryParsePrefix(text, out var prefix, out var error), error);
        Assert.Equal((text, shape), (prefix.Text, prefix.Shape));
    }

    [Theory]
    [InlineData("/api/{*rest}")]
    [InlineData("/api/*")]
    [InlineData("/api*")]
    [InlineData("api")]
    public void TryParsePrefix_Malformed_SaysWhat(string text)
    {
        Assert.False(RoutePattern.TryParsePrefix(text, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("/studies/{study}/series/{series}", "/studies/1.2.3/series/4.5.6")]
    [InlineData("/Patient/{id}/$everything", "/Patient/a%20b/%24everything")]
    public void IsMatch_AnyPath_AllocatesNothing(string text, string path)
    {
        var pattern = Parse(text);
        Assert.True(pattern.IsMatch(path));
        Assert.Equal(0, Allocations.Of(() => pattern.IsMatch(path)));
    }

    /// <summary>A pattern without parameters is a path: it matches that path's canonical form and nothing else.</summary>
    [Fact]
    public void IsMatch_RandomLiterals_MatchTheirCanonicalPathOnly()
    {
        var paths = RandomPaths.Generate(seed: 7, count: 20_000)
            .Select(raw => CanonicalPath.TryCreate(raw, out var path, out _, out _) ? path : "/")
            .ToList();
        for (var i = 1; i < paths.Count; i++)
        {
            var pattern = Parse(paths[i]);
            Assert.True(pattern.IsMatch(paths[i]), paths[i]);
            if (pattern.IsMatch(paths[i - 1])) Assert.Equal(Spelled(paths[i]), Spelled(paths[i - 1]));
        }
    }

    private static string Spelled(string path)
        => path.Replace("%24", "$", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal).Replace("%3B", ";", StringComparison.Ordinal);

    private static RoutePattern Parse(string text)
        => RoutePattern.TryParse(text, out var pattern, out var error) ? pattern : throw new ArgumentException(error, nameof(text));
}
