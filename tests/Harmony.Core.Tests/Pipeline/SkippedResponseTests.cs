using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Pipeline;

public class SkippedResponseTests
{
    [Fact]
    public async Task SkipBackends_ResponseDescribed_IsTheAnswer()
    {
        var response =
            await RunAsync("""{"response":{"status":403,"headers":{"x-why":"because","set-cookie":["a=1","b=2"],"n":5},"body":{"error":"denied"}}}""");
        Assert.Equal(403, response.Status);
        Assert.Equal("because", response.Headers["X-Why"]);
        Assert.Equal(["a=1", "b=2"], response.Headers.GetAll("set-cookie"));
        Assert.Equal("5", response.Headers["n"]);
        Assert.Equal("application/json", response.Headers["content-type"]);
        Assert.Equal("""{"error":"denied"}""", Text(response));
    }

    [Fact]
    public async Task SkipBackends_TextBody_IsSentAsItIs()
    {
        var response = await RunAsync("""{"response":{"headers":{"Content-Type":"text/plain"},"body":"no"}}""");
        Assert.Equal(("no", "text/plain"), (Text(response), response.Headers["content-type"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"response":"yes"}""")]
    [InlineData("""{"response":{}}""")]
    [InlineData("this is no JSON")]
    public async Task SkipBackends_NothingDescribed_Is200WithoutBody(string body)
    {
        var response = await RunAsync(body);
        Assert.Equal(200, response.Status);
        Assert.True(response.Body.IsEmpty);
    }

    /// <summary>Data are data, in whatever form they came.</summary>
    [Theory]
    [InlineData("application/xml", "<response><status>404</status><body>none</body></response>")]
    [InlineData("application/soap+xml", "<response><status>404</status><body>none</body></response>")]
    [InlineData("application/fhir+json", """{"response":{"status":404,"body":"none"}}""")]
    public async Task SkipBackends_DataOfAnotherForm_AreRead(string contentType, string body)
    {
        var request = Requests.Post(body, ("Content-Type", contentType));
        var response = await Pipelines.Of([Skipping(_ => { })], [], [new Journal().Backend()]).RunAsync(request, new Journal().Endpoint(), default);
        Assert.Equal((404, "none"), (response.Status, Text(response)));
    }

    [Theory]
    [InlineData("404", 404)]
    [InlineData("404.0", 404)]
    [InlineData("4.04e2", 404)]
    [InlineData("\"404\"", 404)]
    [InlineData("200", 200)]
    [InlineData("599", 599)]
    public async Task SkipBackends_StatusInAnyForm_IsUsed(string status, int expected)
        => Assert.Equal(expected, (await RunAsync($$$"""{"response":{"status":{{{status}}}}}""")).Status);

    [Theory]
    [InlineData("100")]
    [InlineData("600")]
    [InlineData("404.5")]
    [InlineData("\"denied\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public async Task SkipBackends_StatusThatIsNone_IsAFaultAndNot200(string status)
    {
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await RunAsync($$$"""{"response":{"status":{{{status}}}}}"""));
        Assert.Equal(FaultKind.Internal, fault.Kind);
    }

    [Fact]
    public async Task SkipBackends_StatusMadeInCode_IsUsed()
    {
        var step = Skipping(r => r.Body.Replace(new JsonObject { ["response"] = new JsonObject { ["status"] = 418L } }));
        Assert.Equal(418, (await RunAsync(step, "")).Status);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("TRUE")]
    public async Task SkipBackends_NotTrue_CallsTheBackend(string value)
    {
        var journal = new Journal();
        var step = new Journal.Step(journal, "a") { Left = r => Continue(r, value) };
        await Pipelines.Of([step], [], [journal.Backend()]).RunAsync(Requests.Get(), journal.Endpoint(), default);
        Assert.Contains("backend", journal.Lines);
    }

    private static Task<ResponseEnvelope> RunAsync(string body) => RunAsync(Skipping(_ => { }), body);

    private static async Task<ResponseEnvelope> RunAsync(Journal.Step step, string body)
    {
        var journal = new Journal();
        var right = journal.Middleware("right");
        var response = await Pipelines.Of([step], [right], [journal.Backend()]).RunAsync(Requests.Post(body), journal.Endpoint(), default);
        Assert.Equal("<endpoint right> endpoint>", journal.ToString());
        return response;
    }

    private static Journal.Step Skipping(Action<RequestEnvelope> also) => new(new Journal(), "skip")
    {
        Left = r =>
        {
            also(r);
            return Continue(r, "true");
        },
    };

    private static MiddlewareResult Continue(RequestEnvelope request, string skip)
    {
        request.Metadata[MetadataKeys.SkipBackends] = skip;
        return MiddlewareResult.Continue;
    }

    private static string Text(ResponseEnvelope response) => Encoding.UTF8.GetString(response.Body.BufferedBytes.Span);
}
