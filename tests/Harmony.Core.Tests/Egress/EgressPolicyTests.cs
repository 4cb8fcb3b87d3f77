using Harmony.Core.Configuration;
using Harmony.Core.Egress;

namespace Harmony.Core.Tests.Egress;

public sealed class EgressPolicyTests
{
    private static readonly EgressPolicySection Listed = new()
    {
        AllowedSchemes = ["https"], AllowedHosts = ["trusted.example", "*.hospital.example", "10.0.0.7", "bücher.example"]
    };

    [Theory]
    [InlineData("https://trusted.example/jwks", true)]
    [InlineData("https://TRUSTED.example:8443/", true)]
    [InlineData("https://trusted.example./", true)]
    [InlineData("https://a.b.hospital.example/", true)]
    [InlineData("https://10.0.0.7/", true)]
    [InlineData("https://xn--bcher-kva.example/", true)]
    [InlineData("http://trusted.example/", false)]
    [InlineData("https://trusted.example.attacker.com/", false)]
    [InlineData("https://nottrusted.example/", false)]
    [InlineData("https://trusted.example@attacker.com/", false)]
    [InlineData("https://hospital.example/", false)]
    [InlineData("https://10.0.0.8/", false)]
    [InlineData("file:///etc/passwd", false)]
    public void ReasonAgainst_Lists_HostsAreComparedWhole(string url, bool allowed)
        => Assert.Equal(allowed, EgressPolicy.From(Listed).ReasonAgainst(new Uri(url)) is null);

    [Theory]
    [InlineData("https://trusted.example/hook", null)]
    [InlineData("file:///etc/passwd", "must be a URL of http or https")]
    [InlineData("trusted.example", "must be a URL of http or https")]
    [InlineData("https://user:secret@trusted.example/", "user name")]
    [InlineData("http://169.254.169.254/latest", "link-local")]
    [InlineData("http://[fd00:ec2::254]/", "metadata")]
    [InlineData("http://2852039166/", "link-local")] // 169.254.169.254 as one number
    public void Check_Url_SaysWhatIsWrongAndNoSecret(string url, string? expected)
    {
        var problems = new ConfigProblems();
        var checkedUrl = EgressPolicy.From(new EgressPolicySection()).Check(url, "endpoint", SourceLocation.None, problems);
        Assert.Equal(expected is null, checkedUrl is not null);
        if (expected is not null) Assert.Contains(expected, Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(problems, p => p.Message.Contains("secret", StringComparison.Ordinal));
    }
}
