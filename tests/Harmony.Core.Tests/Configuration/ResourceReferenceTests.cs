using Harmony.Core.Configuration;

namespace Harmony.Core.Tests.Configuration;

public class ResourceReferenceTests
{
    [Theory]
    [InlineData("fhir", "local", null, null, false, "fhir")]
    [InlineData("local.name.fhir", "local", null, null, false, "fhir")]
    [InlineData("acme.id.77", "acme", null, null, true, "77")]
    [InlineData("acme.team.id.77", "acme", "team", null, true, "77")]
    [InlineData("acme.team.ingress.name.fhir", "acme", "team", "ingress", false, "fhir")]
    [InlineData("acme.team.backend.id.77", "acme", "team", "backend", true, "77")]
    public void Parse_Form_IsTakenApart(string text, string provider, string? team, string? type, bool isId, string value)
        => Assert.Equal(new ResourceReference(provider, team, type, isId, value), ResourceReference.Parse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("a.b.name.c")]
    [InlineData("a.b.gateway.id.c")]
    [InlineData("a.b.ingress.called.c")]
    [InlineData("a.b.ingress.id.c.d")]
    [InlineData("a..id.b")]
    [InlineData(".")]
    public void Parse_NoForm_SaysWhatIsExpected(string text)
    {
        Assert.Null(ResourceReference.Parse(text, out var error));
        Assert.NotEmpty(error!);
    }
}
