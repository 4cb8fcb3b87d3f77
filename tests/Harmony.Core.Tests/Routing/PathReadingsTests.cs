using Harmony.Core.Routing;
using Harmony.Testing;

namespace Harmony.Core.Tests.Routing;

public sealed class PathReadingsTests
{
    [Theory]
    [InlineData("", "/", "/")]
    [InlineData("/", "/", "/")]
    [InlineData("/a/", "/a/", "/a/")]
    [InlineData("/a;v=1/b", "/a;v=1/b", "/a/b")]
    [InlineData("/a%3Bv/b;w/", "/a%3Bv/b;w/", "/a/b/")]
    [InlineData("/;x/admin", "/;x/admin", "/admin")]
    [InlineData("/;x", "/;x", "/")]
    [InlineData("/a/;/b", "/a/;/b", "/a/b")]
    public void Path_IsRead_WithParametersAndWithout(string path, string asSent, string without)
    {
        var readings = new PathReadings(path);
        Assert.Equal(asSent, readings.AsSent);
        Assert.Equal(without, readings.WithoutParameters);
        Assert.Equal(!PathParameters.AreIn(path), readings.AreOne);
    }

    [Theory]
    [InlineData("/{*rest}", "/", true)]
    [InlineData("/{*rest}", "/a/b/", true)]
    [InlineData("/x/*", "/x/", true)]
    [InlineData("/x/*", "/x", false)]
    [InlineData("/x/*", "/xy/", false)]
    [InlineData("/x/", "/x", true)]
    [InlineData("/x", "/x/", true)]
    [InlineData("/x", "/x//", false)]
    [InlineData("/x/{id}", "/x/", false)]
    [InlineData("/x/{id}", "/x/7/", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/x", false)]
    public void Pattern_SlashAtTheEnd_MeansNothing_AndACatchAllMayBeEmpty(string text, string path, bool matches)
    {
        Assert.True(PathReadings.TryParsePattern(text, out var pattern, out _));
        Assert.Equal(matches, pattern.IsMatch(path));
    }

    /// <summary>What is left without parameters is a canonical path again.</summary>
    [Fact]
    public void Remove_EverySpelling_StaysCanonical()
        => Assert.All(PathEncodings.All.Where(p => p.Canonical is not null), p =>
        {
            var removed = PathParameters.Remove(p.Canonical!);
            Assert.True(CanonicalPath.TryCreate(removed, out var path, out _, out _));
            Assert.Equal(removed, path);
            Assert.False(PathParameters.AreIn(removed));
        });
}
