using Harmony.Core.Building;

namespace Harmony.Core.Tests.Building;

public class AddressesTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("[::1]", true)]
    [InlineData("fe80::1", true)]
    [InlineData("127.1", false)]
    [InlineData("8080", false)]
    [InlineData("0x7f.0.0.1", false)]
    [InlineData("127.0.0.01", false)]
    [InlineData("[::1]:80", false)]
    [InlineData("127.0.0.1:80", false)]
    [InlineData("localhost", false)]
    [InlineData("", false)]
    public void TryParse_Address_IsTakenOnlyInFull(string text, bool expected) => Assert.Equal(expected, Addresses.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("10.1.2.3/0", "0.0.0.0/0")]
    [InlineData("fd00:1::2/16", "fd00::/16")]
    [InlineData("::1", "::1/128")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0.0/", null)]
    [InlineData("10.0.0.0/-1", null)]
    [InlineData("10.0.0.0/+8", null)]
    [InlineData("10/8", null)]
    [InlineData("proxy", null)]
    public void TryParseRange_Text_GivesTheRange(string text, string? expected)
        => Assert.Equal(expected, Addresses.TryParseRange(text, out var range) ? range.ToString() : null);

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "::1", false)]
    [InlineData("::", "127.0.0.1", true)]
    [InlineData("localhost", "127.0.0.1", true)]
    [InlineData("localhost", "::1", true)]
    [InlineData("localhost", "0.0.0.0", true)]
    [InlineData("localhost", "10.0.0.1", false)]
    [InlineData("[::1]", "::1", true)]
    [InlineData("no address", "127.0.0.1", false)]
    public void Overlap_OfTwo_IsSymmetric(string left, string right, bool expected)
    {
        Assert.Equal(expected, Addresses.Overlap(left, right));
        Assert.Equal(expected, Addresses.Overlap(right, left));
    }
}
