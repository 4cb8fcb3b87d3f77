using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>Methods and paths of https://hl7.org/fhir/R4/http.html as interactions.</summary>
public sealed class InteractionReaderTests
{
    [Theory]
    [InlineData("GET", "/Patient/1", "read", "Patient", "1")]
    [InlineData("HEAD", "/Patient/1", "read", "Patient", "1")]
    [InlineData("GET", "/Patient/1/_history/2", "vread", "Patient", "1")]
    [InlineData("PUT", "/Patient/1", "update", "Patient", "1")]
    [InlineData("PUT", "/Patient", "update", "Patient", "")]
    [InlineData("PATCH", "/Patient/1", "patch", "Patient", "1")]
    [InlineData("PATCH", "/Patient", "patch", "Patient", "")]
    [InlineData("DELETE", "/Patient/1", "delete", "Patient", "1")]
    [InlineData("DELETE", "/Patient", "delete", "Patient", "")]
    [InlineData("GET", "/Patient/1/_history", "history-instance", "Patient", "1")]
    [InlineData("GET", "/Patient/_history", "history-type", "Patient", "")]
    [InlineData("GET", "/_history", "history-system", "", "")]
    [InlineData("POST", "/Patient", "create", "Patient", "")]
    [InlineData("GET", "/Patient", "search-type", "Patient", "")]
    [InlineData("GET", "/Patient/", "search-type", "Patient", "")]
    [InlineData("POST", "/Patient/_search", "search-type", "Patient", "")]
    [InlineData("POST", "/_search", "search-system", "", "")]
    [InlineData("GET", "/Patient/1/Observation", "search-compartment", "Patient", "1")]
    [InlineData("GET", "/Patient/1/*", "search-compartment", "Patient", "1")]
    [InlineData("POST", "/Patient/1/Observation/_search", "search-compartment", "Patient", "1")]
    [InlineData("POST", "", "batch", "", "")]
    [InlineData("POST", "/", "batch", "", "")]
    [InlineData("GET", "/metadata", "capabilities", "", "")]
    [InlineData("GET", "/.well-known/smart-configuration", "smart-configuration", "", "")]
    [InlineData("POST", "/$export", "operation", "", "")]
    [InlineData("GET", "/Patient/$everything", "operation", "Patient", "")]
    [InlineData("GET", "/Patient/1/$everything", "operation", "Patient", "1")]
    public void Path_IsAnInteraction(string method, string path, string name, string type, string id)
    {
        var (interaction, refusal) = InteractionReader.Parse(method, path, hasQuery: false, "4.0");

        Assert.Null(refusal);
        Assert.Equal((name, type, id), (interaction!.Name, interaction.Type, interaction.Id));
    }

    [Theory]
    [InlineData("GET", "/patient/1", 404, "did you mean 'Patient'?")]
    [InlineData("GET", "/Patent/1", 404, "no such resource type")]
    [InlineData("GET", "/Patient/a%2Fb", 400, "percent-encoded")]
    [InlineData("GET", "/%50atient/1", 400, "percent-encoded")]
    [InlineData("GET", "/Patient/a_b", 400, "an id has at most 64")]
    [InlineData("GET", "/Patient/1/2/3", 404, "no such path")]
    [InlineData("POST", "/Patient/1", 405, "allowed here")]
    [InlineData("TRACE", "/Patient", 405, "allowed here")]
    [InlineData("PUT", "/metadata", 405, "allowed here")]
    [InlineData("GET", "", 404, "metadata")]
    [InlineData("PUT", "/Patient/$merge", 405, "allowed here")]
    [InlineData("GET", "/$", 400, "no name of an operation")]
    public void Path_ThatIsNoInteraction_IsRefused(string method, string path, int status, string text)
    {
        var (_, refusal) = InteractionReader.Parse(method, path, hasQuery: false, "4.0");

        Assert.Equal(status, refusal!.Status);
        Assert.Contains(text, refusal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4.0", "/ActorDefinition/1", false)]
    [InlineData("4.3", "/Citation/1", true)]
    [InlineData("5.0", "/ActorDefinition/1", true)]
    [InlineData("5.0", "/actorDefinition/1", false)]
    public void Type_IsOneOfTheVersion(string version, string path, bool isKnown)
    {
        var (interaction, refusal) = InteractionReader.Parse("GET", path, hasQuery: false, version);

        Assert.Equal(isKnown, interaction is not null);
        Assert.Equal(isKnown ? null : 404, refusal?.Status);
    }
}
