using Harmony.Core.Envelope;

namespace Harmony.Core.Tests.Envelope;

public class IdentityTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Identify_ClaimsAreInMetadataWhicheverCameFirst(bool metadataFirst)
    {
        var request = Request();
        if (metadataFirst) request.Metadata["jwt.sub"] = "what a specification made up";
        request.Identify(new Identity("jwt", "ann") { Claims = new Dictionary<string, string> { ["jwt.sub"] = "ann" } });

        Assert.Equal("ann", request.Metadata["jwt.sub"]);
        Assert.Equal("ann", request.Identity?.Claim("jwt.sub"));
    }

    [Fact]
    public void Identify_Twice_LastNamesSubjectAndClaimsOfBothStay()
    {
        var request = Request();
        request.Identify(new Identity("jwt", "ann") { Claims = new Dictionary<string, string> { ["jwt.sub"] = "ann" } });
        request.Identify(new Identity("api_key", "viewer") { Claims = new Dictionary<string, string> { ["api_key.name"] = "viewer" } });

        Assert.Equal("viewer", request.Identity!.Subject);
        Assert.Equal("ann", request.Identity.Claim("jwt.sub"));
        Assert.Equal("viewer", request.Identity.Claim("api_key.name"));
    }

    [Fact]
    public void ToString_NamesNobody() => Assert.DoesNotContain("ann", new Identity("jwt", "ann").ToString(), StringComparison.Ordinal);

    private static RequestEnvelope Request()
        => new() { Protocol = "http", Method = "GET", Path = "/", Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "r" };
}
