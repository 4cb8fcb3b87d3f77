using Harmony.Core.Routing;

namespace Harmony.Core.Tests.Routing;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/a/b", RequestTargetForm.Origin, "/a/b", "", null)]
    [InlineData("/a?x=1&y=%zz", RequestTargetForm.Origin, "/a", "x=1&y=%zz", null)]
    [InlineData("/a?", RequestTargetForm.Origin, "/a", "", null)]
    [InlineData("/a?x=1;", RequestTargetForm.Origin, "/a", "x=1;", null)]
    [InlineData("/a?x=1;y;;", RequestTargetForm.Origin, "/a", "x=1;y;;", null)]
    [InlineData("/a?;", RequestTargetForm.Origin, "/a", ";", null)]
    [InlineData("/a?b=/../c?d", RequestTargetForm.Origin, "/a", "b=/../c?d", null)]
    [InlineData("/%61/../b?%61", RequestTargetForm.Origin, "/b", "%61", null)]
    [InlineData("//host/a", RequestTargetForm.Origin, "/host/a", "", null)]
    [InlineData("http://host/a?q", RequestTargetForm.Absolute, "/a", "q", "host")]
    [InlineData("HTTPS://Host:8443/a/../b", RequestTargetForm.Absolute, "/b", "", "Host:8443")]
    [InlineData("http://host", RequestTargetForm.Absolute, "/", "", "host")]
    [InlineData("http://host?q", RequestTargetForm.Absolute, "/", "q", "host")]
    [InlineData("http://[::1]:80/", RequestTargetForm.Absolute, "/", "", "[::1]:80")]
    [InlineData("http://host/http://other/", RequestTargetForm.Absolute, "/http:/other/", "", "host")]
    [InlineData("*", RequestTargetForm.Asterisk, "*", "", null)]
    [InlineData("host:443", RequestTargetForm.Authority, "*", "", "host:443")]
    [InlineData("[::1]:443", RequestTargetForm.Authority, "*", "", "[::1]:443")]
    public void TryParse_WellFormed_IsTakenApart(string raw, RequestTargetForm form, string path, string query, string? authority)
    {
        Assert.True(RequestTarget.TryParse(raw, out var target, out var reason), reason);
        Assert.Equal((form, path, query, authority), (target.Form, target.Path, target.Query, target.Authority));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("**")]
    [InlineData("?q")]
    [InlineData("*?q")]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData(":443")]
    [InlineData("host:44x")]
    [InlineData("user@host:443")]
    [InlineData("ftp://host/a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http:/a")]
    [InlineData("http:///a")]
    [InlineData("http://user@host/a")]
    [InlineData("http://good\\@evil/a")]
    [InlineData("http://ho st/a")]
    [InlineData("http://host#f")]
    [InlineData("http://host/../a")]
    [InlineData("/a?b\r\nX: y")]
    [InlineData("/a?b\0")]
    [InlineData("\\a")]
    [InlineData(" /a")]
    public void TryParse_Malformed_IsRefusedWithReason(string raw)
    {
        Assert.False(RequestTarget.TryParse(raw, out var target, out var reason));
        Assert.NotEmpty(reason);
        Assert.Null(target.Path);
    }

    [Fact]
    public void TryParse_CanonicalWithoutQuery_KeepsTheStringAndAllocatesNothing()
    {
        const string Raw = "/dicomweb/studies/1.2.840.113619.2.55/series/1.2.3/instances";
        Assert.True(RequestTarget.TryParse(Raw, out var target, out _));
        Assert.Same(Raw, target.Path);

        Assert.Equal(0, Allocations.Of(() => Parse(Raw)));
    }

    [Fact]
    public void TryParse_CanonicalWithEscapes_AllocatesNothing()
        => Assert.Equal(0, Allocations.Of(() => Parse("/.well-known/caf%C3%A9/a%20b")));

    [Fact]
    public void TryParse_WithQuery_AllocatesPathAndQueryOnly()
    {
        var two = Allocations.Of(() => _ = ("/studies?limit=5"[..8], "/studies?limit=5"[9..]));

        Assert.Equal(two, Allocations.Of(() => Parse("/studies?limit=5")));
    }

    private static void Parse(string raw) => Assert.True(RequestTarget.TryParse(raw, out _, out _));
}
