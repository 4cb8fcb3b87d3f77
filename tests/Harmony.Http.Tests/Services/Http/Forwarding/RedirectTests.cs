using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>Threat: server-side request forgery by redirect. A gateway that follows one asks for what its client could not.</summary>
public class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_OfATarget_IsPassedOnAndNotFollowed(int status)
    {
        await using var secret = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
        foreach (var location in new[] { $"{secret.Url}latest/meta-data", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd",
            "//169.254.169.254/" })
        {
            await using var origin = RawOrigin.Answering($"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
            await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
            var answer = await gateway.SendRawAsync("GET", "/");
            Assert.Equal(status, answer.Status);
            Assert.Equal([location], answer["location"]);
            Assert.Single(origin.Heads);
        }

        Assert.Equal(0, secret.Connections);
    }
}
