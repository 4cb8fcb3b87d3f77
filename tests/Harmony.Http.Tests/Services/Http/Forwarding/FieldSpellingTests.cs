using Harmony.Core.Envelope;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>Servers of the CGI kind read underscores as hyphens (RFC 3875 §4.1.18).</summary>
public class FieldSpellingTests
{
    [Theory]
    [InlineData("X_Real_IP", "x-real-ip", true)]
    [InlineData("X-Real_ip", "X-Real-IP", true)]
    [InlineData("X-Real-IPs", "X-Real-IP", false)]
    [InlineData("XRealIP", "X-Real-IP", false)]
    public void AreAlike_WhatSomeServerReadsAsOne(string left, string right, bool alike) => Assert.Equal(alike, FieldSpelling.AreAlike(left, right));

    [Fact]
    public void RemoveAlike_OfSeveralLinesAndSpellings_LeavesOthers()
    {
        var fields = new HeaderFields();
        foreach (var name in new[] { "X-A", "x_a", "B", "X-A", "x_a", "X_A-" }) fields.Add(name, "1");
        FieldSpelling.RemoveAlike(fields, "x-a");
        Assert.Equal(["B", "X_A-"], fields.Select(f => f.Name));
    }

    [Fact]
    public async Task FieldsOfTheGateway_SaidByTheClientWithUnderscores_AreTheGatewaysAlone()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await BackendConfig.StartAsync($$"""
            [backends.b]
            service = "http"
            target_ref = "t"
            options.headers.x-clinic = "ours"
            [targets.t]
            url = "{{origin.Url}}"
            authentication = "key"
            [authentications.key]
            method = "api_key"
            options = { api_key = "secret", header_name = "X-API-Key" }
            """);
        await gateway.SendRawAsync("GET", "/", "X_API_Key: guess", "X-API_Key: guess", "x_clinic: theirs", "x_other: kept");
        var head = origin.Heads.Single();
        Assert.DoesNotContain("guess", head, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", head, StringComparison.Ordinal);
        Assert.Equal(["secret"], RawAnswer.FieldsOf(head, "x-api-key"));
        Assert.Equal(["ours"], RawAnswer.FieldsOf(head, "x-clinic"));
        Assert.Equal(["kept"], RawAnswer.FieldsOf(head, "x_other"));
    }
}
