using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration;

/// <summary>What of a table of options anybody may see.</summary>
public sealed class ShownOptionsTests
{
    [Theory]
    [InlineData("password = \"hunter2\"", """{"password":"***"}""")]
    [InlineData("also_password = \"hunter2\"", """{"password":"***"}""")]
    [InlineData("fields = { \"X-Site\" = \"hunter2\" }", """{"fields":{"X-Site":"***"}}""")]
    [InlineData("inner = { password = \"hunter2\", size = 1 }", """{"inner":{"password":"***","size":1}}""")]
    [InlineData("list = [{ password = \"hunter2\" }]", """{"list":[{"password":"***"}]}""")]
    [InlineData("raw = { token = \"hunter2\", path = \"/a\" }", """{"raw":{"token":"***","path":"/a"}}""")]
    [InlineData("unknown = \"hunter2\"", "{}")]
    [InlineData("url = \"http://user:hunter2@host/a@b\"", """{"url":"http://***@host/a@b"}""")]
    public void Secret_IsMasked(string toml, string json) => Assert.Equal(json, Shown(toml));

    [Fact]
    public void OtherValues_AreShownAsTheyAre()
        => Assert.Equal("""{"size":5,"names":["a","b"],"on":true}""", Shown("size = 5\nnames = [\"a\", \"b\"]\non = true"));

    [Theory]
    [InlineData("http://host/path", "http://host/path")]
    [InlineData("http://u:p@host", "http://***@host")]
    [InlineData("http://u:p@x@host:80/p", "http://***@host:80/p")]
    [InlineData("https://host/p?token=x", "https://host/p?***")]
    [InlineData("someone@example.org", "someone@example.org")]
    public void Url_LosesUserAndQuery(string text, string shown) => Assert.Equal(shown, ShownOptions.Text(text));

    private static string Shown(string toml)
    {
        var problems = new ConfigProblems();
        var table = TomlReader.Read(Encoding.UTF8.GetBytes(toml), "test", problems, new TomlReaderOptions());
        Assert.Empty(problems);
        return ShownOptions.Of(table, typeof(Options)).ToJsonString();
    }

    private sealed record Options : ConfigNode
    {
        [Secret]
        [AlsoKnownAs("also_password")]
        public string? Password { get; init; }

        public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

        public Options? Inner { get; init; }

        public IReadOnlyList<Options> List { get; init; } = [];

        public TomlValue? Raw { get; init; }

        public string? Url { get; init; }

        public int Size { get; init; }

        public IReadOnlyList<string> Names { get; init; } = [];

        public bool On { get; init; }
    }
}
