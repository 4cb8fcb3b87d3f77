using Harmony.Modules.Middleware.Schema.Values;

namespace Harmony.Modules.Tests.Middleware.Schema.Values;

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
    public void IsFoundIn(string pattern, string text, bool expected) => Assert.Equal(expected, new SchemaPattern(pattern).IsFoundIn(text));
}
