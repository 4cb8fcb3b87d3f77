using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlStringTests
{
    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"\\b\\t\\n\\f\\r\\\"\\\\\"", "\b\t\n\f\r\"\\")]
    [InlineData("\"\\u00E9\\u00e9\\U0001F600\"", "éé😀")]
    [InlineData("\"tab\there, # no comment\"", "tab\there, # no comment")]
    [InlineData("''", "")]
    [InlineData("'C:\\temp\\n'", "C:\\temp\\n")]
    [InlineData("'a \"b\" c'", "a \"b\" c")]
    public void String_OnOneLine_IsRead(string toml, string expected) => Assert.Equal(expected, Content(toml));

    [Theory]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("\"\"\"\na\nb\n\"\"\"", "a\nb\n")]
    [InlineData("\"\"\"\r\na\"\"\"", "a")]
    [InlineData("\"\"\"a \\\n   \n\t b\"\"\"", "a b")]
    [InlineData("\"\"\"a\\   \r\n  b\"\"\"", "ab")]
    [InlineData("\"\"\"a\\\\\nb\"\"\"", "a\\\nb")]
    [InlineData("\"\"\"a \"quoted\" and \"\"twice\"\" \\\"\"\"\"", "a \"quoted\" and \"\"twice\"\" \"")]
    [InlineData("\"\"\"\"a\"\"\"\"\"", "\"a\"\"")]
    [InlineData("'''\na\\\n'b' ''c'' \"\"\"'''", "a\\\n'b' ''c'' \"\"\"")]
    [InlineData("''''a'''''", "'a''")]
    public void String_OverSeveralLines_IsRead(string toml, string expected) => Assert.Equal(expected, Content(toml));

    [Theory]
    [InlineData("\"\\a\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\e\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\uD800\"")]
    [InlineData("\"\\uDFFF\"")]
    [InlineData("\"\\U00110000\"")]
    [InlineData("\"\\UFFFFFFFF\"")]
    [InlineData("\"a\u0001\"")]
    [InlineData("\"a\u007f\"")]
    [InlineData("'a\u0000'")]
    [InlineData("'''a\rb'''")]
    [InlineData("\"\"\"a\\ b\"\"\"")]
    [InlineData("\"\"\"a\"\"\"\"\"\"")]
    [InlineData("'''a''''''")]
    [InlineData("\"a")]
    [InlineData("'a")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\"\"a")]
    [InlineData("'''a''")]
    [InlineData("\"a\\\nb\"")]
    public void String_Wrong_IsRefused(string toml) => Assert.NotEmpty(TomlText.Errors("v = " + toml));

    [Fact]
    public void String_NonCharacterOrByteOrderMarkInside_IsKept() => Assert.Equal("\uffff\ufeff", Content("\"\uffff\ufeff\""));

    private static string Content(string toml) => Assert.IsType<TomlString>(TomlText.Value("v = " + toml)).Value;
}
