using Harmony.Core.Routing;
using Harmony.Testing;

namespace Harmony.Core.Tests.Routing;

public sealed class CanonicalPathTests
{
    public static TheoryData<string> RawTargets => [.. PathEncodings.All.Select(encoding => encoding.Raw)];

    /// <summary>Threat: filters, routes and backends that read the same bytes as different paths.</summary>
    [Theory]
    [MemberData(nameof(RawTargets))]
    public void TryParse_EveryKnownSpelling_HasTheExpectedOutcome(string raw)
    {
        var expected = PathEncodings.All.Single(encoding => encoding.Raw == raw);

        var parsed = RequestTarget.TryParse(raw, out var target, out var reason);

        Assert.Equal(!expected.RefusedAlways, parsed);
        Assert.Equal(expected.RefusedAlways, reason is not null);
        Assert.Equal(expected.Canonical, target.Path);
        if (parsed) Assert.Equal(expected.Oddities, target.Oddities);
    }

    [Fact]
    public void All_Table_HasSixtySpellingsAndEveryOutcome()
    {
        Assert.True(PathEncodings.All.Count >= 60);
        Assert.Contains(PathEncodings.All, encoding => encoding.RefusedAlways);
        Assert.Contains(PathEncodings.All, encoding => encoding.RefusedUnlessAllowed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("/a?b")]
    public void TryCreate_NoPath_IsRefusedWithReason(string raw)
    {
        Assert.False(CanonicalPath.TryCreate(raw, out var path, out _, out var reason));
        Assert.Null(path);
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void TryCreate_LoneSurrogate_IsRefused()
    {
        // Not a theory: attributes hold UTF-8 and would have replaced the surrogate.
        foreach (var lone in new[] { '\uD800', '\uDC00' }) Assert.False(CanonicalPath.TryCreate($"/a{lone}b", out _, out _, out _));
    }

    [Theory]
    [InlineData("/api/users")]
    [InlineData("/.well-known/x")]
    [InlineData("/caf%C3%A9/%2F")]
    public void TryCreate_CanonicalAlready_AnswersTheSameString(string raw)
    {
        Assert.True(CanonicalPath.TryCreate(raw, out var path, out _, out _));
        Assert.Same(raw, path);
    }

    [Fact]
    public void TryCreate_LongPaths_AreRewrittenWhole()
    {
        var raw = string.Concat(Enumerable.Repeat("/%61/./\u20AC", 3000));

        Assert.True(CanonicalPath.TryCreate(raw, out var path, out _, out _));
        Assert.Equal(string.Concat(Enumerable.Repeat("/a/%E2%82%AC", 3000)), path);
    }

    [Fact]
    public void TryCreate_RandomPaths_AreFixedPointsWithoutDotSegments()
    {
        var accepted = 0;
        foreach (var raw in RandomPaths.Generate(seed: 20260101, count: 50_000))
        {
            if (!CanonicalPath.TryCreate(raw, out var path, out var oddities, out _)) continue;
            accepted++;
            Assert.True(CanonicalPath.TryCreate(path, out var again, out var oddAgain, out var reason), $"{raw} -> {path}: {reason}");
            Assert.Same(path, again);
            Assert.Equal(oddAgain, oddAgain & oddities);
            AssertPlain(raw, path);
        }
        Assert.InRange(accepted, 5_000, 50_000);
    }

    // What a server would find that decodes once: no dot segment, no empty segment, nothing above the root.
    private static void AssertPlain(string raw, string path)
    {
        Assert.True(path[0] == '/' && !path.Contains("//", StringComparison.Ordinal), $"{raw} -> {path}");
        var decoded = Uri.UnescapeDataString(path);
        foreach (var segment in decoded.Split('/', '\\'))
        {
            var bare = segment.Split(';')[0].Trim();
            Assert.False(bare is "." or "..", $"{raw} -> {path}");
        }
        Assert.DoesNotContain(path, c => c is <= ' ' or >= '\u007F' or '\\' or '#' or '?');
    }
}
