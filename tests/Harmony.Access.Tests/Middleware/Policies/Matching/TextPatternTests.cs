using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.Policies.Matching;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData("/bot/i", "GoogleBOT", true)]
    [InlineData("/bot/", "GoogleBOT", false)]
    [InlineData("bot", "a bot", true)]
    [InlineData("/", "a/b", true)] // one slash encloses nothing
    [InlineData("/a/b", "xa/bx", false)] // refused below: b is no flag
    public void IsMatch_Notation_WithSlashesOrWithout(string text, string value, bool expected)
    {
        if (!TextPattern.TryParse(text, ignoreCase: false, out var pattern, out _)) Assert.False(expected);
        else Assert.Equal(expected, pattern.IsMatch(value, whenUndecided: !expected));
    }

    /// <summary>Expressions that take ages with other engines.</summary>
    [Theory]
    [InlineData("^(a+)+$", false)]
    [InlineData("(x+x+)+y", false)]
    [InlineData(@"^(?=(a+)+$)(a+)+\1$", true)] // needs back-tracking, so it is given up
    public void IsMatch_EvilExpression_TakesBoundedTime(string expression, bool isUndecided)
    {
        Assert.True(TextPattern.TryParse(expression, ignoreCase: false, out var pattern, out _));
        var evil = new string('a', 5000) + "!" + new string('x', 5000);
        Pace.AssertWithin(
            TimeSpan.FromSeconds(5), () => Assert.Equal((false, isUndecided),
                (pattern.IsMatch(evil, whenUndecided: false), pattern.IsMatch(evil, whenUndecided: true))));
    }
}
