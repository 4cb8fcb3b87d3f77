using System.Net;
using Harmony.Core.Egress;

namespace Harmony.Core.Tests.Egress;

public sealed class EgressAddressesTests
{
    [Theory]
    [InlineData("169.254.169.254", false)] // link-local; metadata
    [InlineData("::ffff:169.254.169.254", false)] // the same, mapped
    [InlineData("64:ff9b::a9fe:a9fe", false)] // the same behind NAT64
    [InlineData("2002:a9fe:a9fe::1", false)] // the same as 6to4
    [InlineData("::169.254.169.254", false)] // the same, IPv4-compatible
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fd20:ce::254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("fd12::1", true)]
    [InlineData("203.0.113.9", true)]
    [InlineData("2001:db8::1", true)]
    public void Permits_WithoutLists_OnlyReservedAddressesAreDenied(string address, bool permitted)
        => Assert.Equal(permitted, new EgressAddresses([], []).Permits(IPAddress.Parse(address)));

    [Theory]
    [InlineData("169.254.1.1", true)] // listed
    [InlineData("169.254.2.1", false)]
    [InlineData("10.0.0.1", false)] // denied
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("169.254.1.66", false)] // listed and denied
    public void Permits_Lists_DeniedGoesOverAllowed(string address, bool permitted)
    {
        var addresses = new EgressAddresses([IPNetwork.Parse("169.254.1.0/24")], [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("169.254.1.66/32")]);
        Assert.Equal(permitted, addresses.Permits(IPAddress.Parse(address)));
    }
}
