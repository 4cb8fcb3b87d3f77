using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Redaction;
using Harmony.Http.Middleware.Webhook;
using Harmony.Testing;

namespace Harmony.Http.Tests.Middleware.Webhook;

public sealed class WebhookDocumentTests
{
    [Theory]
    [InlineData(null, "null")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("""{"source":"x","token":"SECRET"}""", """{"source":"x","token":"<redacted>"}""")]
    public void Write_Extra_IsTheMetadataOfTheInstance(string? value, string expected)
    {
        var request = Request();
        if (value is not null) request.Metadata["webhook.mine"] = value;
        request.Metadata["webhook.other"] = "not this";
        var document = Write(request, null);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), document["extra"]), document.ToJsonString());
    }

    /// <summary>An audit needs to know when, where and which.</summary>
    [Fact]
    public void Write_SaysWhenWhereAndWhich_AndHowLongAResponseTook()
    {
        var request = Request();
        var left = Write(request, null);
        Assert.Equal(("2026-11-30T03:00:00Z", "clinic", "case-7"), ($"{left["time"]}", $"{left["gateway"]}", $"{left["request_id"]}"));
        Assert.NotNull(left["pipeline"]);
        Assert.Null(left["duration_ms"]);
        Assert.True(Write(request, new ResponseEnvelope(request, 200))["duration_ms"]!.GetValue<double>() >= 0);
    }

    private static RequestEnvelope Request() => new()
    {
        Protocol = "http", Method = "GET", Path = "/", Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "case-7",
    };

    private static JsonNode Write(RequestEnvelope request, ResponseEnvelope? response)
    {
        var redactor = new RedactionOptions([], [], []).Build(new ProxySection(), new ConfigProblems());
        var clock = new FixedClock(new DateTimeOffset(2026, 11, 30, 3, 0, 0, TimeSpan.Zero));
        return JsonNode.Parse(new WebhookDocument("mine", "clinic", redactor, clock).Write(request, response).Span)!;
    }
}
