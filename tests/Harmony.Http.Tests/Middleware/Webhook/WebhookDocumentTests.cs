using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Redaction;
using Harmony.Http.Middleware.Webhook;

namespace Harmony.Http.Tests.Middleware.Webhook;

public sealed class WebhookDocumentTests
{
    [Theory]
    [InlineData(null, "null")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("""{"source":"x","token":"SECRET"}""", """{"source":"x","token":"<redacted>"}""")]
    public void Write_Extra_IsTheMetadataOfTheInstance(string? value, string expected)
    {
        var request = new RequestEnvelope
        {
            Protocol = "http", Method = "GET", Path = "/", Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "1",
        };
        if (value is not null) request.Metadata["webhook.mine"] = value;
        request.Metadata["webhook.other"] = "not this";
        var redactor = new RedactionOptions([], [], []).Build(new ProxySection(), new ConfigProblems());
        var document = JsonNode.Parse(new WebhookDocument("mine", redactor).Write(request, null).Span)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), document["extra"]), document.ToJsonString());
    }
}
