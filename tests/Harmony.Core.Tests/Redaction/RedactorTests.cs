using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Redaction;

namespace Harmony.Core.Tests.Redaction;

public sealed class RedactorTests
{
    private static readonly Redactor Redactor = New();

    [Theory]
    [InlineData("ssn", """{"ssn":1,"a":[{"SSN":2}]}""", """{"ssn":"<redacted>","a":[{"SSN":"<redacted>"}]}""")]
    [InlineData("user.card", """{"user":{"card":{"no":1},"name":"n"},"card":2}""", """{"user":{"card":"<redacted>","name":"n"},"card":2}""")]
    [InlineData("entry.name.family", """{"entry":[{"name":[{"family":"x","given":"y"}]}]}""", """{"entry":[{"name":[{"family":"<redacted>","given":"y"}]}]}""")]
    [InlineData("a.*.b", """{"a":{"x":{"b":1},"y":{"b":2,"c":3}},"b":4}""", """{"a":{"x":{"b":"<redacted>"},"y":{"b":"<redacted>","c":3}},"b":4}""")]
    [InlineData("none", """[1,"t",null,{"password":"p","sub":{"Api_Key":"k"}},1.50]""",
        """[1,"t",null,{"password":"<redacted>","sub":{"Api_Key":"<redacted>"}},1.50]""")]
    public void WriteData_Path_HidesTheMember(string path, string data, string expected)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, RedactedEnvelope.Writing)) New(path).WriteData(writer, JsonNode.Parse(data));
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("Authorization", "Bearer x", "<redacted>")]
    [InlineData("set-cookie", "s=1", "<redacted>")]
    [InlineData("X-API-Key", "k", "<redacted>")]
    [InlineData("x-mine", "v", "<redacted>")]
    [InlineData("accept", "text/html", "text/html")]
    [InlineData("referer", "https://x/?access_token=1&page=2", "https://x/?access_token=<redacted>&page=2")]
    public void Field_ValueThatIsSensitive_IsMasked(string name, string value, string shown) => Assert.Equal(shown, Redactor.Field(name, value));

    [Theory]
    [InlineData("path_with_query", "a?token=1", "a?token=<redacted>")]
    [InlineData("Mine", "v", "<redacted>")]
    [InlineData("path", "a", "a")]
    public void Metadata_ValueThatIsSensitive_IsMasked(string name, string value, string shown) => Assert.Equal(shown, Redactor.Metadata(name, value));

    private static Redactor New(params string[] data)
        => new RedactionOptions(["X-Mine"], ["mine"], data).Build(new ProxySection(), new ConfigProblems());
}
