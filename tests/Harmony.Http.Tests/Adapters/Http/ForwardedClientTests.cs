using System.Net;
using Harmony.Core.Envelope;
using Harmony.Http.Adapters.Http;

namespace Harmony.Http.Tests.Adapters.Http;

public class ForwardedClientTests
{
    private static readonly IReadOnlyList<IPNetwork> Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:1::/48")];

    [Theory]
    // Not believed: the peer is no trusted proxy.
    [InlineData("192.0.2.9", "X-Forwarded-For: 6.6.6.6", "192.0.2.9")]
    // One hop.
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1:4711", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 2001:db8::5", "2001:db8::5")]
    [InlineData("10.0.0.1", "X-Forwarded-For: [2001:db8::5]:80", "2001:db8::5")]
    [InlineData("10.0.0.1", "X-Forwarded-For: ::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1::1", "X-Forwarded-For: 192.0.2.1", "192.0.2.1")]
    // Chains are walked from the nearest hop, as far as each is trusted.
    [InlineData("10.0.0.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.9.9.9, 2001:db8:1::7", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.3")]
    // The proxy in front of a hop that is no plain address is not the client: nobody knows the client then.
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1, unknown", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: unknown, 10.0.0.2", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: _hidden", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For:", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1,", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 10.1", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 012.0.0.1", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 0x0a.0.0.1", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 167772161", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1:99999", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1:", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1/8", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: fe80::1%eth0", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: ::ffff:010.0.0.1", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 2001:db8::/32", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: [2001:db8::5", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: [192.0.2.1]", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: \"192.0.2.1\"", null)]
    // The field that the network does not name is ignored, and does not stand in for the one that is missing.
    [InlineData("10.0.0.1", "X-Forwarded-For: 192.0.2.1|Forwarded: for=6.6.6.6", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=6.6.6.6", null)]
    [InlineData("10.0.0.1", "X-Real-IP: 6.6.6.6", "10.0.0.1")]
    public void Address_OfPeerAndXForwardedFor_IsThatOfTheFirstUntrustedHop(string peer, string fields, string? expected)
        => Assert.Equal(expected, Of(peer, fields, ForwardingField.XForwardedFor).Address?.ToString());

    /// <summary>RFC 7239 §4 and §6.</summary>
    [Theory]
    [InlineData("192.0.2.9", "Forwarded: for=6.6.6.6", "192.0.2.9")]
    [InlineData("10.0.0.1", "Forwarded: for=192.0.2.1;proto=http;by=10.0.0.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=192.0.2.1 ; proto=http", "192.0.2.1")]
    [InlineData("10.0.0.1", "forwarded: For=\"[2001:db8::5]:4711\"", "2001:db8::5")]
    [InlineData("10.0.0.1", "Forwarded: for=\"192.0.2.1:_port\"", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=\"19\\2.0.2.1\"", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=6.6.6.6, for=192.0.2.1, for=10.0.0.2", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=6.6.6.6,, for=192.0.2.1, ,for=10.0.0.2", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=6.6.6.6|Forwarded: for=192.0.2.1", "192.0.2.1")]
    // A comma in a quoted string separates nothing.
    [InlineData("10.0.0.1", "Forwarded: for=198.51.100.9;host=\"x,for=10.0.0.1\";proto=http", "198.51.100.9")]
    [InlineData("10.0.0.1", "Forwarded: for=198.51.100.9;host=\"x;for=10.0.0.1\"", "198.51.100.9")]
    [InlineData("10.0.0.1", "Forwarded: for=198.51.100.9;host=\"x\\\",for=10.0.0.1\"", "198.51.100.9")]
    [InlineData("10.0.0.1", "Forwarded: for=198.51.100.9;ext=\"a, for=10.0.0.1\", for=10.0.0.2", "198.51.100.9")]
    // What breaks the grammar is nobody's word; a line before it, or behind it, is another matter.
    [InlineData("10.0.0.1", "Forwarded: for=\"198.51.100.9, for=10.0.0.1\"", null)]
    [InlineData("10.0.0.1", "Forwarded: for=198.51.100.9;x=\"a, for=10.0.0.1", null)]
    [InlineData("10.0.0.1", "Forwarded: for=\"x, for=198.51.100.9;host=\",for=10.0.0.3", null)]
    [InlineData("10.0.0.1", "Forwarded: for=\"x|Forwarded: for=192.0.2.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "Forwarded: for=192.0.2.1|Forwarded: for=\"", null)]
    [InlineData("10.0.0.1", "Forwarded: for=198.51.100.9;for=10.0.0.3", null)]
    [InlineData("10.0.0.1", "Forwarded: for=198.51.100.9;For=10.0.0.3", null)]
    [InlineData("10.0.0.1", "Forwarded: for = 192.0.2.1", null)]
    [InlineData("10.0.0.1", "Forwarded: for=2001:db8::5", null)]
    [InlineData("10.0.0.1", "Forwarded: for=\"2001:db8::5\"", null)]
    [InlineData("10.0.0.1", "Forwarded: for=192.0.2.1:80", null)]
    [InlineData("10.0.0.1", "Forwarded: for=10.1", null)]
    [InlineData("10.0.0.1", "Forwarded: for=192.0.2.1, for=_hidden, for=10.0.0.2", null)]
    [InlineData("10.0.0.1", "Forwarded: for=unknown", null)]
    [InlineData("10.0.0.1", "Forwarded: proto=https", null)]
    [InlineData("10.0.0.1", "Forwarded: ;;,==", null)]
    [InlineData("10.0.0.1", "Forwarded:", null)]
    [InlineData("10.0.0.1", "X-Forwarded-For: 6.6.6.6|Forwarded: for=192.0.2.1", "192.0.2.1")]
    [InlineData("10.0.0.1", "X-Forwarded-For: 6.6.6.6", null)]
    public void Address_OfPeerAndForwarded_IsThatOfTheFirstUntrustedHop(string peer, string fields, string? expected)
        => Assert.Equal(expected, Of(peer, fields, ForwardingField.Forwarded).Address?.ToString());

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
        var client = Of("10.0.0.1", fields, fields.StartsWith("Forwarded", StringComparison.Ordinal)
            ? ForwardingField.Forwarded
            : ForwardingField.XForwardedFor);
        Assert.Equal((scheme, host), (client.Scheme, client.Host));
    }

    private static ForwardedClient Of(string peer, string fields, ForwardingField field)
        => ForwardedClient.Of(IPAddress.Parse(peer), "http", "h", Fields(fields), Trusted, field);

    private static HeaderFields Fields(string lines)
    {
        var fields = new HeaderFields();
        foreach (var line in lines.Split('|')) fields.Add(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
        return fields;
    }
}
