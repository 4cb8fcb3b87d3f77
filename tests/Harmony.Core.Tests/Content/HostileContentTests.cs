using System.Diagnostics;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Faults;
using Harmony.Testing;

namespace Harmony.Core.Tests.Content;

/// <summary>Bodies that mean harm (threats: bombs, deep nesting, lying lengths, XML entities) are refused early and cheaply.</summary>
public class HostileContentTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data; boundary=b";
    private const string Part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
    private const string File = "--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n1\r\n";

    public static TheoryData<string, string, FaultKind> Bodies => new()
    {
        { "text/xml", "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>", FaultKind.Malformed },
        { "text/xml", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", FaultKind.Malformed },
        { "text/xml", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", FaultKind.Malformed },
        { "text/xml", Repeat("<a>", 1_000_000), FaultKind.Malformed },
        { "text/xml", "<a " + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"b{i}='' ")), FaultKind.Malformed },
        { "application/json", Repeat("[", 10_000), FaultKind.Malformed },
        { "application/json", Repeat("{\"a\":", 10_000), FaultKind.Malformed },
        { "text/csv", Repeat(",", 1_000_000), FaultKind.TooLarge },
        { "text/csv", Repeat(",", 10_000_000), FaultKind.TooLarge },
        { "text/csv", Repeat("a\n", 1_000_000), FaultKind.TooLarge },
        { "text/csv", "a\n\"" + Repeat("\"\"", 1_000_000), FaultKind.Malformed },
        { Form, Repeat("a=1&", 100_000), FaultKind.TooLarge },
        { Form, Repeat("a[]=1&", 100_000), FaultKind.TooLarge },
        { Multipart, Repeat(Part, 10_000) + "--b--", FaultKind.TooLarge },
        { Multipart, Repeat(File, 10_000) + "--b--", FaultKind.TooLarge },
        { Multipart, Part, FaultKind.Malformed },
        { Multipart, Part + "--b", FaultKind.Malformed },
        { Multipart, Repeat("\r\n--bb", 1_000_000), FaultKind.Malformed },
        { Multipart, "--b\r\n" + Repeat("a: b\r\n", 1_000_000), FaultKind.Malformed },
        { Multipart, "--b\r\n" + Repeat("a", 10_000_000), FaultKind.Malformed },
        { Multipart, "--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--b--", FaultKind.Malformed },
        { Multipart, "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", FaultKind.Malformed },
        { Multipart, "--b\r\nno field\r\n\r\n1\r\n--b--", FaultKind.Malformed },
        { Multipart, "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--", FaultKind.Malformed },
        { "multipart/form-data", Part + "--b--", FaultKind.Malformed },
        { "multipart/form-data; boundary=\"a\\\"b\"", Part, FaultKind.Malformed },
        { "multipart/form-data; boundary=" + Repeat("b", 71), Part, FaultKind.Malformed },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Read_Hostile_IsRefusedWithinASecondAndAHundredMegabytes(string type, string body, FaultKind kind)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await Pace.AssertWithinAsync(TimeSpan.FromSeconds(1), async () =>
        {
            var request = ContentReaderTests.Sent(bytes, type);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var fault = await Assert.ThrowsAsync<GatewayException>(async () => await new ContentReader(new ContentLimitsSection()).ReadAsync(request, default));
            Assert.Equal(kind, fault.Kind);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        });
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, gzip")]
    public async Task Read_Bomb_IsCutOffAtTheLimit(string coding)
    {
        var bomb = coding.Split(", ").Aggregate(new byte[100_000_000], ContentReaderTests.Packed);
        var request = ContentReaderTests.Sent(bomb, "application/json", coding);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await new ContentReader(new ContentLimitsSection()).ReadAsync(request, default));
        Assert.Equal(FaultKind.TooLarge, fault.Kind);
        Assert.Contains("content_limits.max_body_size = 10485760", fault.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    /// <summary>A delimiter counts only alone on its line, so that nobody smuggles a part past who reads it otherwise.</summary>
    [Fact]
    public async Task Read_AlmostADelimiter_IsContent()
    {
        const string body = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--bc\r\n\n--b\r2\r\n--b--";
        var data = await new ContentReader(new ContentLimitsSection()).ReadAsync(ContentReaderTests.Sent(Encoding.UTF8.GetBytes(body), Multipart), default);
        Assert.Equal("1\r\n--bc\r\n\n--b\r2", (string?)data!["fields"]!["a"]);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+A1")]
    [InlineData("-1+A1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\"  =cmd|' /C calc'!A0\"")]
    public async Task Read_Formula_IsDisarmed(string cell)
    {
        var data = await new ContentReader(new ContentLimitsSection())
            .ReadAsync(ContentReaderTests.Sent(Encoding.UTF8.GetBytes("a\n" + cell), "text/csv"), default);
        Assert.StartsWith("'", (string?)data!["rows"]![0]!["a"], StringComparison.Ordinal);
    }

    /// <summary>Whatever arrives, the outcome is data or a fault, never another exception. What was read can be written back.</summary>
    [Fact]
    public async Task Read_RandomMutations_EndInDataOrAFault()
    {
        var random = new Random(20261121);
        (string Type, string Body)[] seeds =
        [
            ("application/json", """{"a":[1,"x",null,{"b":"\u00e4"}]}"""), ("text/xml; charset=utf-8", "<?xml version='1.0'?><s:a xmlns:s='u' b='1'>x<c/><c><![CDATA[y]]></c></s:a>"),
            ("text/csv; charset=utf-16", "a,b\r\n\"1\",=2\r\n"), (Form, "a=1&b[]=%41&c[x]=+"), (Multipart, Part + File + "--b--"), ("text/plain", "{x"),
                ("application/x-own", "\uFEFF["),
        ];
        var reader = new ContentReader(new ContentLimitsSection());
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20_000 && watch.Elapsed < TimeSpan.FromSeconds(4); i++)
        {
            var (type, body) = seeds[i % seeds.Length];
            var request = ContentReaderTests.Sent(Mutated(Encoding.UTF8.GetBytes(body), random), type, random.Next(50) == 0 ? "gzip" : null);
            try
            {
                if (await reader.ReadAsync(request, default) is not { } data) continue;
                request.Body.Replace(data.DeepClone());
                ContentWriter.Settle(request);
                Assert.Equal(request.Body.BufferedBytes.Length, request.Body.Length);
            }
            catch (GatewayException)
            {
                // expected of most
            }
        }
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        for (var n = random.Next(4); n >= 0; n--)
        {
            var at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                1 when bytes.Length > 1 => [.. bytes[..at], .. bytes[(at + 1)..]],
                2 => [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]],
                _ => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]],
            };
        }

        return bytes;
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
