using Harmony.JsonSchema.Formats;

namespace Harmony.JsonSchema.Tests.Formats;

public sealed class KnownFormatsTests
{
    [Theory]
    [InlineData("date-time", "2024-02-29T23:59:59.5Z 2024-02-29t01:02:03+01:30 1998-12-31T23:59:60Z 1998-12-31T15:59:60-08:00",
        "2023-02-29T00:00:00Z 2024-01-01T00:00:00 2024-01-01T22:59:60Z 2024-01-01")]
    [InlineData("date", "2024-02-29 0000-02-29 2400-02-29", "2024-2-9 2024-13-01 20240101 ٢٠٢٤-01-01 2023-02-29 2100-02-29 2024-00-01 2024-01-00")]
    [InlineData("time", "08:30:06Z 08:30:06.28-05:00", "24:00:00Z 08:30 08:30:06 08:30:06+24:00")]
    [InlineData("duration", "P4DT12H30M5S P4Y P1W PT36H", "PT0.5S P 1D P1D2H P2D1Y PT P1WT1H P1Y2D PT1H2S P1DT P1")]
    [InlineData("email", "joe.bloggs@example.com te~st@example.com \"\"@a.org \"a..b@c\"@a.org \"\\\\\\\"\"@a.org a@[127.0.0.1] a@[IPv6:::1]",
        "2962 .test@example.com te..st@example.com a@ @b a@b. a@-b a@b_c \"a@b.c \"a\"b@c.d a@[1.2.3] a@[IPv6:1.2.3.4] é@b.c")]
    [InlineData("idn-email", "실례@실례.테스트 joe@example.com", "2962 실례@ 실례@-실례")]
    [InlineData("hostname", "www.example.com a h-1.x xn--4gbwdl.xn--wgbh1c",
        "-a.b a-.b a_b a..b a.b. xn--x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("idn-hostname", "실례.테스트 bücher.example faß.de l·l host-1 xn--bcher-kva", "-실례 실례- 실〮례 \u0300a a_b ab--ü ☃.net xn--x a..b")]
    [InlineData("ipv4", "192.168.0.1 0.0.0.0 255.255.255.255", "256.1.1.1 127.0.0 1.2.3.4.5 01.2.3.4 1.2.3.4/24 0x7f.0.0.1")]
    [InlineData("ipv6", "::1 ::abef fe80::1 ::ffff:192.168.0.1", "12345:: fe80::1%eth0 [::1] 1::2::3 ::1/64 127.0.0.1 ::ffff:192.168.0.01 1:2:3:4:5:6:7")]
    [InlineData("uri", "http://foo.bar/?baz=qux#quuz urn:oasis:names mailto:a@b ftp://x/%20 a: file:/etc/x http://[::1]:80/ http://[v1.a]/ http://a:b@c",
        "//foo /abc abc http://a\\b http://a/%zz bar://ü 1a:b http://a#b#c http://a/[b] http://[::1 http://[1.2.3.4]/ http://a:b/ http://a@b@c http://a/{b}")]
    [InlineData("uri-reference", "/abc abc #frag http://x/ ?q ./a:b //h/p", "\\\\w {a} #a^b 1:2 é")]
    [InlineData("iri", "http://ƒøø.ßår/?∂=π#ß http://a/𐌀", "abc /a http://1:2:3 http://a/\uFFFF")]
    [InlineData("iri-reference", "/âππ #ƒ ünï", "\\\\ü ü<")]
    [InlineData("uri-template", "http://x/{term:1}/{term} {?a,b*} / {a.b} {%41} {v:9999} a'b",
        "http://x/{term {} {a b} {a..b} {a.} {v:0} {v:01} {v:10000} {a,} a%4 a\u007F }")]
    [InlineData("uuid", "2EB8AA08-aa98-11ea-B4AA-73B441D16380",
        "2eb8aa08aa9811eab4aa73b441d16380 {2eb8aa08-aa98-11ea-b4aa-73b441d16380} 2eb8aa08-aa98-11ea-b4aa-73b441d1638")]
    [InlineData("json-pointer", "/foo/0 /~01/~1 /", "foo /~2 /a~ #/a")]
    [InlineData("relative-json-pointer", "0 1/a 0# 0-1 2+1/a", "/a 01/a -1/a 0## 0+0")]
    [InlineData("regex", "^a+$ (?=a) \\u{1F600}", "( [a * \\a")]
    public void Find_Format_Judges(string format, string valid, string invalid)
    {
        var isValid = KnownFormats.Find(format)!;
        Assert.All(valid.Split(' '), text => Assert.True(isValid(text), text));
        Assert.All(invalid.Split(' '), text => Assert.False(isValid(text), text));
        if (format is not ("json-pointer" or "uri-reference" or "iri-reference" or "uri-template" or "regex")) Assert.False(isValid(""));
    }
}
