using Harmony.Jolt.Functions;

namespace Harmony.Jolt.Tests.Functions;

public class LetterCaseTests
{
    [Theory]
    [InlineData("straße", "STRASSE")]
    [InlineData("ﬁn", "FIN")]
    [InlineData("ŉ", "ʼN")]
    [InlineData("\u0390", "\u0399\u0308\u0301")]
    [InlineData("ıſ", "IS")]
    [InlineData("Müller ÿ 𐐨", "MÜLLER Ÿ 𐐀")]
    [InlineData("plain", "PLAIN")]
    public void Upper_IsThatOfJava(string text, string upper) => Assert.Equal(upper, LetterCase.Upper(text));

    [Theory]
    [InlineData("İ", "i̇")]
    [InlineData("ΟΔΟΣ ΣΑΣ Σ", "οδος σας σ")]
    [InlineData("ΑΣ'Α", "ασ'α")]
    [InlineData("Müller ẞ 𐐀", "müller ß 𐐨")]
    public void Lower_IsThatOfJava(string text, string lower) => Assert.Equal(lower, LetterCase.Lower(text));

    [Theory]
    [InlineData("=divide(@(1,v),1000000)", "1.0E-6")]
    [InlineData("=divideAndRound(6,@(1,v),1000000)", "1.0E-6")]
    [InlineData("=doubleSum(0.0000004,0.0000006)", "1.0E-6")]
    [InlineData("=divide(1,10000000)", "1.0E-7")]
    [InlineData("=toDouble('100000000000000000000000')", "1.0E23")]
    [InlineData("=toDouble(9999999999999999)", "1.0E16")]
    [InlineData("=toDouble('9223372036854775807')", "9.223372036854776E18")]
    [InlineData("=toDouble(-9007199254740993)", "-9.007199254740992E15")]
    [InlineData("=avg(9999999999999999,9999999999999999)", "1.0E16")]
    public void Numbers_AreThoseOfTheReference(string call, string expected)
        => Assert.Equal($$"""{"v":1,"r":{{expected}}}""", Json.Operation("modify-overwrite-beta", $$"""{"r":"{{call}}"}""").ApplyText("""{"v":1}"""));
}
