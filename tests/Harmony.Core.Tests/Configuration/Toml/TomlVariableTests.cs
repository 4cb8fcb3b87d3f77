using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlVariableTests
{
    private static readonly TomlReaderOptions Allowed = new() { AllowVariables = true };

    [Theory]
    [InlineData("$PORT", "$PORT")]
    [InlineData("$_p # comment", "$_p")]
    [InlineData("${PORT:-8080}", "${PORT:-8080}")]
    [InlineData("${file:/run/secrets/x}", "${file:/run/secrets/x}")]
    [InlineData("${A:-a b, [c] # \"d\" = }", "${A:-a b, [c] # \"d\" = }")]
    [InlineData("${A:-${B:-c}}", "${A:-${B:-c}}")]
    [InlineData("${HOST}:$PORT", "${HOST}:$PORT")]
    public void Variable_Allowed_IsKeptAsWritten(string toml, string text)
    {
        var variable = Assert.IsType<TomlVariable>(TomlText.Value("v = " + toml, Allowed));
        Assert.Equal(text, variable.Text);
        Assert.Equal("1,5", variable.Location.Place());
    }

    [Fact]
    public void Variable_InArrayAndInlineTable_EndsBeforeTheirPunctuation()
    {
        var value = TomlText.Value("v = [$A,${B:-,]},{ c = $C, d = $D}]", Allowed);
        Assert.Equal("$A", Assert.IsType<TomlVariable>(value.At(0)).Text);
        Assert.Equal("${B:-,]}", Assert.IsType<TomlVariable>(value.At(1)).Text);
        Assert.Equal("$D", Assert.IsType<TomlVariable>(value.At(2, "d")).Text);
    }

    [Theory]
    [InlineData("v = ${A", "1,5: the variable is not closed: expected } before the end of the line")]
    [InlineData("v = $", "1,5: '$' is not a value; strings need quotes: \"$\"")]
    [InlineData("v = $1", "1,5: '$1' is not a value; strings need quotes: \"$1\"")]
    [InlineData("v = $A $B", "1,8: expected the end of the line after the value, found '$'")]
    [InlineData("$A = 1", "1,1: '$' is not allowed in a key without quotes: write \"$A\"")]
    public void Variable_Wrong_IsRefusedWithTheReason(string toml, string error) => Assert.Equal(error, TomlText.Error(toml, Allowed));

    [Fact]
    public void Variable_InAString_IsText() => Assert.Equal("$A", Assert.IsType<TomlString>(TomlText.Value("v = '$A'", Allowed)).Value);
}
