using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Tests.Values;

/// <summary>Where expressions of ECMA-262 and of .NET differ.</summary>
public sealed class SchemaPatternTests
{
    [Theory]
    [InlineData("^a$", "a\n", false)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^[\d]$", "3", true)]
    [InlineData(@"^\w+$", "é", false)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"^\s$", "\uFEFF", true)]
    [InlineData(@"^\p{Letter}+$", "é", true)]
    [InlineData(@"^\p{L}+$", "é1", false)]
    [InlineData("^[a-z-[aeiou]]$", "b", false)] // no subtraction: a class with '[', then ']'
    [InlineData("^[[]$", "[", true)]
    [InlineData("b", "abc", true)] // anywhere
    [InlineData("^(?=.*x)a", "abx", true)] // needs backtracking
    [InlineData("^(?!x)(a|aa)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false)] // takes too long
    [InlineData(@"^\$[$]$", "$$", true)]
    [InlineData("^.$", "𝒳", true)] // one character, two units
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^[^a]$", "𝒳", true)]
    [InlineData(@"^\D$", "𝒳", true)]
    [InlineData(@"^\S{2}$", "𝒳", false)]
    [InlineData("^𝒳{2}$", "𝒳𝒳", true)]
    [InlineData(@"^\u{1D4B3}+$", "𝒳𝒳", true)]
    [InlineData(@"^\u{e9}$", "é", true)]
    [InlineData(@"^[\u{e9}\-\_]+$", "é-_", true)]
    [InlineData(@"^[\W]$", "é", true)]
    [InlineData(@"^[\D]$", "٣", true)]
    [InlineData(@"^[^\D]$", "𝒳", false)]
    [InlineData("^[]$", "a", false)]
    [InlineData("^[^]$", "𝒳", true)]
    [InlineData(@"^\cC$", "\u0003", true)]
    [InlineData(@"^(?<x>a)\k<x>\1$", "aaa", true)]
    [InlineData(@"^\P{L}$", "1", true)]
    public void IsFoundIn(string pattern, string text, bool expected) => Assert.Equal(expected, new SchemaPattern(pattern).IsFoundIn(text));

    [Theory]
    [InlineData(@"\a", "'\\a' is no escape of ECMA-262")]
    [InlineData(@"\Z", "'\\Z' is no escape of ECMA-262")]
    [InlineData(@"[\q]", "'\\q' is no escape of ECMA-262")]
    [InlineData(@"\p", "'\\p' lacks its braces")]
    [InlineData(@"\u{110000}", "'110000' is no character of Unicode")]
    [InlineData("[𝒳]", "a class cannot hold characters beyond U+FFFF")]
    [InlineData(@"[\u{1D4B3}]", "a class cannot hold characters beyond U+FFFF")]
    [InlineData("(?i)a", "'(?i' begins no group of ECMA-262")]
    [InlineData("a(?ims)b", "'(?i' begins no group of ECMA-262")]
    [InlineData("(?i:a)", "'(?i' begins no group of ECMA-262")]
    [InlineData("(?#remark)a", "'(?#' begins no group of ECMA-262")]
    [InlineData("(?>a)", "'(?>' begins no group of ECMA-262")]
    [InlineData("(?'x'a)", "'(?'' begins no group of ECMA-262")]
    [InlineData("[a", "a class is not closed")]
    [InlineData("a\\", "it ends with a backslash")]
    public void Pattern_NotOfEcma_IsRefused(string pattern, string expected)
        => Assert.StartsWith(expected, Assert.Throws<FormatException>(() => new SchemaPattern(pattern)).Message, StringComparison.Ordinal);
}
