using Harmony.Core.Configuration;
using Harmony.Core.Redaction;

namespace Harmony.Core.Tests.Redaction;

public sealed class SensitivePatternsTests
{
    [Theory]
    [InlineData("*_key", "signing_key", true)]
    [InlineData("*_key", "key_of", false)]
    [InlineData("x-?-id", "x-1-id", true)]
    [InlineData("x-?-id", "x-12-id", false)]
    [InlineData("patient", "X-Patient-Name", true)] // an expression, found anywhere, case ignored
    [InlineData("^ssn$", "ssn", true)]
    [InlineData("^ssn$", "x-ssn", false)]
    [InlineData("x-patient-.*", "x-patient-name", true)]
    [InlineData("(?<!un)safe", "unsafe", false)] // needs backtracking
    [InlineData("(?<!un)safe", "safe", true)]
    [InlineData("^(?!x)(a|aa)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", true)] // takes too long: hidden
    public void Cover_PatternAndName(string pattern, string name, bool covered)
    {
        var problems = new ConfigProblems();
        var patterns = SensitivePatterns.From(new ProxySection { SensitiveFieldPatterns = [pattern] }, problems);
        Assert.Empty(problems);
        Assert.Equal(covered, patterns.Cover(name));
    }

    [Fact]
    public void From_BrokenPattern_IsAProblem()
    {
        var problems = new ConfigProblems();
        SensitivePatterns.From(new ProxySection { SensitiveFieldPatterns = ["ok", "(broken"] }, problems);
        Assert.Contains("'(broken' is neither a glob", Assert.Single(problems).Message, StringComparison.Ordinal);
    }
}
