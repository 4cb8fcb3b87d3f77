using Harmony.Gateway.Cli.Dicom;

namespace Harmony.Gateway.Tests.Cli.Dicom;

public sealed class AeAddressTests
{
    [Theory]
    [InlineData("PACS@127.0.0.1:4242", "PACS", "127.0.0.1", 4242)]
    [InlineData("MY PACS@pacs.example.org", "MY PACS", "pacs.example.org", 104)]
    [InlineData("A@B@host:1", "A@B", "host", 1)]
    [InlineData("PACS@[::1]:11112", "PACS", "::1", 11112)]
    [InlineData("PACS@[::1]", "PACS", "::1", 104)]
    public void Address_IsRead(string text, string title, string host, int port)
    {
        Assert.True(AeAddress.TryParse(text, out var address, out _));
        Assert.Equal((title, host, port), (address.AeTitle, address.Host, address.Port));
    }

    [Theory]
    [InlineData("127.0.0.1:4242", "is not of the form AET@host:port")]
    [InlineData("@host:1", "does not begin with an AE title")]
    [InlineData("ABCDEFGHIJKLMNOPQ@host:1", "does not begin with an AE title")]
    [InlineData("A\\B@host:1", "does not begin with an AE title")]
    [InlineData("PACS@host:0", "does not end with a port")]
    [InlineData("PACS@host:99999", "does not end with a port")]
    [InlineData("PACS@ho st:1", "is not of the form AET@host:port")]
    [InlineData("PACS@", "is not of the form AET@host:port")]
    public void WhatIsNone_SaysWhy(string text, string reason)
    {
        Assert.False(AeAddress.TryParse(text, out _, out var said));
        Assert.StartsWith(reason, said, StringComparison.Ordinal);
    }
}
