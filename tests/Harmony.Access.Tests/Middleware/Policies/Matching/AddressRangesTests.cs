using System.Net;
using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Access.Tests.Middleware.Policies.Matching;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "::fffe:ffff:ffff", true)]
    [InlineData("::/0", "::1:0:0:0", true)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.2.3/31", "10.1.2.2", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.9.9.9", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.9.9.9", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("10.0.0.0/8,10.1.0.0/16,11.0.0.0/8", "10.255.255.255", true)] // one within another
    [InlineData("10.0.0.0/8,10.1.0.0/16,11.0.0.0/8", "12.0.0.0", false)]
    public void Contains_Address_IsInTheRanges(string ranges, string address, bool expected)
        => Assert.Equal(expected, Of(ranges.Split(',')).Contains(IPAddress.Parse(address)));

    [Fact]
    public void Contains_RandomRanges_AgreesWithThePlatform()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var texts = Enumerable.Range(0, 20).Select(_ => $"10.{random.Next(4)}.{random.Next(256)}.0/{random.Next(12, 33)}").ToList();
            var networks = texts.ConvertAll(t => Addresses.TryParseRange(t, out var network) ? network : default);
            var ranges = Of([.. texts]);
            for (var i = 0; i < 50; i++)
            {
                var address = new IPAddress(new byte[] { 10, (byte)random.Next(5), (byte)random.Next(256), (byte)random.Next(256) });
                Assert.Equal(networks.Exists(n => n.Contains(address)), ranges.Contains(address));
            }
        }
    }

    private static AddressRanges Of(params string[] ranges)
    {
        var config = new ConfigLoader([], _ => null).Load("gone.toml");
        var context = new RuleContext
        {
            Name = "r", Weight = 1, What = "r", Owner = "r", Options = OptionsTable.Empty(SourceLocation.None), Problems = [],
            Environment = new BuildEnvironment(config, NullLoggerFactory.Instance, TimeProvider.System),
        };
        Assert.True(AddressRanges.TryCreate(new AddressOptions { IpAddresses = ranges }, context, out var result));
        return result;
    }
}
