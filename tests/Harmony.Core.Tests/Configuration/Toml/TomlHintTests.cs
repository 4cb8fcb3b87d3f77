namespace Harmony.Core.Tests.Configuration.Toml;

/// <summary>Slips that people make, and what they are told.</summary>
public class TomlHintTests
{
    [Theory]
    [InlineData("v = debug", "1,5: 'debug' is not a value; strings need quotes: \"debug\"")]
    [InlineData("v = hello big world # really", "1,5: 'hello big world' is not a value; strings need quotes: \"hello big world\"")]
    [InlineData("v = http://host:80/a?b=c#d", "1,5: 'http://host:80/a?b=c#d' is not a value; strings need quotes: \"http://host:80/a?b=c#d\"")]
    [InlineData("v = C:\\temp", "1,5: 'C:\\temp' is not a value; strings need quotes: 'C:\\temp'")]
    [InlineData("v = True", "1,5: 'True' is not a value: write true")]
    [InlineData("v = FALSE", "1,5: 'FALSE' is not a value: write false")]
    [InlineData("v = yes", "1,5: 'yes' is not a boolean: write true, or \"yes\" for a string")]
    [InlineData("v = off", "1,5: 'off' is not a boolean: write false, or \"off\" for a string")]
    [InlineData("v = null", "1,5: TOML has no null: leave the key out")]
    [InlineData("v = “debug”", "1,5: '“' is a typographic quote: use \" or '")]
    [InlineData("v = $PORT", "1,5: '$PORT' is not a value; strings need quotes: \"$PORT\"")]
    [InlineData("v = \"C:\\Users\\x\"", "1,8: a backslash starts an escape; use a literal string: 'C:\\Users\\x'")]
    [InlineData("v = \"C:\\data\", # x", "1,8: a backslash starts an escape; use a literal string: 'C:\\data'")]
    [InlineData("v = \"\\\\server\\share\"", "1,14: a backslash starts an escape; use a literal string: '\\\\server\\share'")]
    [InlineData("v = \"C:\\temp\\\"", "1,5: the string is not closed; use a literal string: 'C:\\temp\\'")]
    [InlineData("v = \"\\d\"", "1,6: '\\d' is not an escape: expected one of \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX")]
    [InlineData("v = \"\\u12\"", "1,6: '\\u12' is not an escape: expected 4 hexadecimal digits, found 2")]
    [InlineData("v = \"\\uD800\"", "1,6: '\\uD800' is not a Unicode character")]
    [InlineData("v = \"abc", "1,5: the string is not closed: expected \" before the end of the line")]
    [InlineData("v = '''abc", "1,5: the multi-line string is not closed: expected ''' before the end of the file")]
    public void Slip_Common_GetsItsHint(string toml, string error) => Assert.Equal(error, TomlText.Error(toml));

    [Fact]
    public void Message_AboutALongText_IsCut() => Assert.True(TomlText.Error("v = " + new string('x', 100_000)).Length < 200);
}
