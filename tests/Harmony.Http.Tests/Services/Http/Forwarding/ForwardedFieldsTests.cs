using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class ForwardedFieldsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task Fields_OfADirectClient_SayWhoItIs()
    {
        var head = await HeadAsync("");
        Assert.Equal(["127.0.0.1"], RawAnswer.FieldsOf(head, "x-forwarded-for"));
        Assert.Equal(["http"], RawAnswer.FieldsOf(head, "x-forwarded-proto"));
        Assert.Equal(["gateway.example"], RawAnswer.FieldsOf(head, "x-forwarded-host"));
        Assert.Equal(["for=127.0.0.1;host=gateway.example;proto=http"], RawAnswer.FieldsOf(head, "forwarded"));
        Assert.Matches("^1\\.1 harmony-[0-9a-f]{8}$", RawAnswer.FieldsOf(head, "via").Single());
    }

    [Fact]
    public async Task Fields_OfAnUntrustedClient_AreDropped()
    {
        var head = await HeadAsync("trusted_proxies = [\"10.0.0.0/8\"]", "X-Forwarded-For: 6.6.6.6", "x_forwarded_for: 6.6.6.6", "X-Forwarded-Proto: https",
            "X-Forwarded-Host: evil",
            "X-Forwarded-Prefix: /evil", "X-Forwarded-Port: 1", "X-Forwarded_Ssl: on", "X-Real-IP: 6.6.6.6", "x_real_ip: 6.6.6.6", "X_Request-Id: 6.6.6.6",
                "Forwarded: for=6.6.6.6;proto=https", "X-Forwardedness: kept");
        Assert.DoesNotContain("6.6.6.6", head, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", head, StringComparison.Ordinal);
        Assert.Empty(RawAnswer.FieldsOf(head, "x-forwarded-port"));
        Assert.Empty(RawAnswer.FieldsOf(head, "x-forwarded_ssl"));
        Assert.Equal(["127.0.0.1"], RawAnswer.FieldsOf(head, "x-forwarded-for"));
        Assert.Equal(["http"], RawAnswer.FieldsOf(head, "x-forwarded-proto"));
        Assert.Equal(["kept"], RawAnswer.FieldsOf(head, "x-forwardedness"));
    }

    [Fact]
    public async Task Fields_OfATrustedProxy_AreContinued()
    {
        var head = await HeadAsync("trusted_proxies = [\"127.0.0.1\"]", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 192.0.2.2", "X-Forwarded-Proto: https",
            "X-Forwarded-Host: public.example:8443", "X-Forwarded-Prefix: /pre", "Via: 1.1 edge");
        Assert.Equal(["192.0.2.1, 192.0.2.2, 127.0.0.1"], RawAnswer.FieldsOf(head, "x-forwarded-for"));
        Assert.Equal(["https"], RawAnswer.FieldsOf(head, "x-forwarded-proto"));
        Assert.Equal(["public.example:8443"], RawAnswer.FieldsOf(head, "x-forwarded-host"));
        Assert.Equal(["/pre"], RawAnswer.FieldsOf(head, "x-forwarded-prefix"));
        Assert.Equal(["for=192.0.2.1, for=192.0.2.2, for=127.0.0.1;host=\"public.example:8443\";proto=https"], RawAnswer.FieldsOf(head, "forwarded"));
        Assert.Matches("^1\\.1 edge, 1\\.1 harmony-[0-9a-f]{8}$", RawAnswer.FieldsOf(head, "via").Single());
    }

    [Fact]
    public async Task ForwardedField_OfATrustedProxy_IsContinued()
    {
        var head = await HeadAsync("trusted_proxies = [\"127.0.0.0/8\"]\nforwarded = \"forwarded\"", "X-Forwarded-For: 6.6.6.6",
            "Forwarded: for=\"[2001:db8::1]:4711\";host=a.example;proto=https");
        Assert.Equal(["for=\"[2001:db8::1]:4711\";host=a.example;proto=https, for=127.0.0.1;host=a.example;proto=https"],
            RawAnswer.FieldsOf(head, "forwarded"));
        Assert.Equal(["2001:db8::1, 127.0.0.1"], RawAnswer.FieldsOf(head, "x-forwarded-for"));
        Assert.Equal(["a.example"], RawAnswer.FieldsOf(head, "x-forwarded-host"));
    }

    private static async Task<string> HeadAsync(string network, params string[] fields)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Network = network }.StartAsync();
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/", fields)).Status);
        return origin.Heads.Single();
    }
}
