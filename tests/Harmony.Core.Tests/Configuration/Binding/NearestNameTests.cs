using Harmony.Core.Configuration;

namespace Harmony.Core.Tests.Configuration.Binding;

public class NearestNameTests
{
    [Theory]
    [InlineData("enrich", "enrich_jmix")]
    [InlineData("piplines_path", "pipelines_path")]
    [InlineData("PATH_PREFIX", "path_prefix")]
    [InlineData("pcas", "pacs")]
    [InlineData("PCas", "pacs")]
    [InlineData("bind_adress", "bind_address")]
    [InlineData("pth", "path")]
    public void Find_NearlyRight_GivesTheName(string given, string expected)
        => Assert.Equal(expected, NearestName.Find(given, ["path", "path_prefix", "enrich_jmix", "pipelines_path", "pacs", "bind_address"]));

    [Theory]
    [InlineData("a", "b")]
    [InlineData("x", "id")]
    [InlineData("color", "networks")]
    [InlineData("", "id")]
    [InlineData("nowhere", "here_and_there")]
    public void Find_SomethingElse_GivesNothing(string given, string candidate) => Assert.Null(NearestName.Find(given, [candidate]));

    [Fact]
    public void Find_NoCandidates_GivesNothing() => Assert.Null(NearestName.Find("a", []));

    [Fact]
    public void Find_EquallyNear_GivesTheFirst() => Assert.Equal("cat", NearestName.Find("bat", ["cat", "hat"]));

    [Fact]
    public void Suggestion_Found_IsAQuestion() => Assert.Equal("; did you mean 'left'?", NearestName.Suggestion("lefft", ["left", "right"]));
}
