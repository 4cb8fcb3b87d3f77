using System.Net;
using Harmony.Core.Envelope;
using Harmony.Modules.Adapters.Http;

namespace Harmony.Modules.Tests.Adapters.Http;

public class ForwardedClientTests
{
    private static readonly IReadOnlyList<IPNetwork> Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:1::/48")];

    [Theory]
    // Not believed: the peer is no trusted proxy.
    [InlineData("192.0.2.9", "X-Forwarded-For: 6.6.6.6", "192.0.2.9")]
    [InlineData("192.0.2.9", "Forwarded: for=6.6.6.6", "192.0.2.9")]
    // One hop.
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1:4711", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 2001:db8::5", "2001:db8::5")]
    [InlineData("10.0.0.1", "X-Forwarded-For: [2001:db8::5]:80", "2001:db8::5")]
    [InlineData("10.0.0.1", "X-Forwarded-For: ::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1::1", "X-Forwarded-For: 192.0.2.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=192.0.2.1;proto=http;by=10.0.0.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "forwarded: For=\"[2001:db8::5]:4711\"", "2001:db8::5")]
    // Chains are walked from the nearest hop, as far as each is trusted.
    [InlineData("10.0.0.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.9.9.9, 2001:db8:1::7", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.3")]
    [InlineData("10.0.0.1", "Forwarded: for=6.6.6.6, for=192.0.2.1, for=10.0.0.2", "192.0.2.1")]
    // Unreadable hops end the walk.
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1, unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "Forwarded: for=192.0.2.1, for=_hidden, for=10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "X-Forwarded-For:", "10.0.0.1")]
    [InlineData("10.0.0.1", "Forwarded: ;;,==", "10.0.0.1")]
    // Proxies that write the one let the client's own other one pass.
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1|Forwarded: for=6.6.6.6", "192.0.2.1")]
    public void Address_OfPeerAndFields_IsThatOfTheFirstUntrustedHop(string peer, string fields, string expected)
        => Assert.Equal(IPAddress.Parse(expected), ForwardedClient.Of(IPAddress.Parse(peer), "http", "h", Fields(fields), Trusted).Address);

    [Theory]
    [InlineData("X-Forwarded-Proto: https", "https", "h")]
    [InlineData("X-Forwarded-Proto: http, https", "https", "h")]
    [InlineData("X-Forwarded-Proto: gopher", "http", "h")]
    [InlineData("X-Forwarded-Host: a.example", "http", "a.example")]
    [InlineData("X-Forwarded-Host: [2001:db8::1]:8443", "http", "[2001:db8::1]:8443")]
    [InlineData("X-Forwarded-Host: a\"b", "http", "h")]
    [InlineData("X-Forwarded-Host: a/b", "http", "h")]
    [InlineData("X-Forwarded-Host:", "http", "h")]
    [InlineData("Forwarded: for=192.0.2.1;host=\"a.example:1\";proto=https", "https", "a.example:1")]
    [InlineData("Forwarded: for=192.0.2.1;host=\"a b\";proto=ftp", "http", "h")]
    public void SchemeAndHost_OfATrustedProxy_AreBelievedWhenFit(string fields, string scheme, string host)
    {
        var client = ForwardedClient.Of(IPAddress.Parse("10.0.0.1"), "http", "h", Fields(fields), Trusted);
        Assert.Equal((scheme, host), (client.Scheme, client.Host));
    }

    private static HeaderFields Fields(string lines)
    {
        var fields = new HeaderFields();
        foreach (var line in lines.Split('|')) fields.Add(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
        return fields;
    }
}
