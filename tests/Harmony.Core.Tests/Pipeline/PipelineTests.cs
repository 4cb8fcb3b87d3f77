using System.Diagnostics;
using System.Reflection;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Pipeline;

public class PipelineTests
{
    private readonly Journal _journal = new();

    [Fact]
    public async Task Run_AllSteps_InTheirOrder()
    {
        var (a, b) = (_journal.Middleware("a"), _journal.Middleware("b"));
        var response = await RunAsync(Pipelines.Of([a, b], [b, a], [_journal.Backend()]));
        Assert.Equal("<endpoint <a <b backend b> a> endpoint>", _journal.ToString());
        Assert.Equal(200, response.Status);
    }

    [Fact]
    public async Task Run_MiddlewareResponds_SkipsBackendAndRestOfLeftAndRunsAllOfRight()
    {
        var a = new Journal.Step(_journal, "a") { Left = r => MiddlewareResult.Respond(new ResponseEnvelope(r, 304)) };
        var b = _journal.Middleware("b");
        var response = await RunAsync(Pipelines.Of([a, b], [b, a], [_journal.Backend()]));
        Assert.Equal("<endpoint <a b> a> endpoint>", _journal.ToString());
        Assert.Equal(304, response.Status);
    }

    [Fact]
    public async Task Run_MiddlewareRefuses_IsTheEnd()
    {
        var a = new Journal.Step(_journal, "a") { Left = _ => MiddlewareResult.Refuse(Refusal.NotFound) };
        var response = await RunAsync(Pipelines.Of([a, _journal.Middleware("b")], [a], [_journal.Backend()]));
        Assert.Equal("<endpoint <a", _journal.ToString());
        Assert.Same(Refusal.NotFound, response.Refusal);
    }

    [Fact]
    public async Task Run_EndpointAnswers_NeitherMiddlewareNorBackendRuns()
    {
        var endpoint = new Journal.Way(_journal) { In = r => new ResponseEnvelope(r, 204) };
        var pipeline = Pipelines.Of([_journal.Middleware("a")], [_journal.Middleware("a")], [_journal.Backend()]);
        Assert.Equal(204, (await pipeline.RunAsync(Requests.Get(), endpoint, default)).Status);
        Assert.Equal("<endpoint endpoint>", _journal.ToString());
    }

    [Fact]
    public async Task Run_EndpointAnswersWithData_TheyAreWrittenInTheFormOfTheirType()
    {
        var endpoint = new Journal.Way(_journal)
        {
            In = request =>
            {
                var answer = new ResponseEnvelope(request, 200);
                answer.Headers.Add("content-type", "text/csv");
                answer.Body.Replace(System.Text.Json.Nodes.JsonNode.Parse("""[{"a":"1"}]"""));
                return answer;
            },
        };
        var response = await Pipelines.Of([], [], [_journal.Backend()]).RunAsync(Requests.Get(), endpoint, default);
        Assert.StartsWith("a", System.Text.Encoding.UTF8.GetString((await response.Body.ReadBytesAsync(1000, default)).Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Inactive_RefusesBeforeAnythingRuns()
    {
        var refusal = new Refusal(RefusalKind.Unavailable, "not yet available: middleware 'jwt_auth'");
        var pipeline = Pipelines.Of([_journal.Middleware("a")], [], [_journal.Backend()], p => p.Inactive = refusal);
        Assert.Same(refusal, (await RunAsync(pipeline)).Refusal);
        Assert.Equal(refusal.Reason, pipeline.InactiveReason);
        Assert.Equal("", _journal.ToString());
    }

    [Fact]
    public async Task Run_NoBackend_AnswersNothingWith200()
    {
        var response = await RunAsync(Pipelines.Of([], [_journal.Middleware("a")], []));
        Assert.Equal("<endpoint a> endpoint>", _journal.ToString());
        Assert.Equal(200, response.Status);
        Assert.True(response.Body.IsEmpty);
    }

    [Fact]
    public async Task Run_RouteMatches_ChoosesItsBackend()
    {
        var pipeline = Pipelines.Of([], [], [_journal.Backend("first"), _journal.Backend("second")],
            p => p.Routes.Add(BackendRouteTests.Route(backend: 1, methods: ["POST"])));
        await pipeline.RunAsync(Requests.Get(), _journal.Endpoint(), default);
        await pipeline.RunAsync(Requests.Post("{}"), _journal.Endpoint(), default);
        Assert.Equal("<endpoint first endpoint> <endpoint second endpoint>", _journal.ToString());
    }

    [Fact]
    public async Task Run_BackendIsClosed_IsUnavailable()
    {
        var pipeline = Pipelines.Of([], [], [new ClosedBackend("off", "no target of backend 'off' is enabled")]);
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await RunAsync(pipeline));
        Assert.Equal((FaultSource.Gateway, FaultKind.Unavailable), (fault.FaultSource, fault.Kind));
    }

    [Fact]
    public async Task Run_OneInstanceOfAPipeline_ServesManyRequestsAtOnce()
    {
        var step = new Journal.Step(new Journal(), "a");
        var pipeline = Pipelines.Of([], [step], [new EchoId()]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            var request = Requests.Get();
            return ReferenceEquals((await pipeline.RunAsync(request, new QuietEndpoint(), default)).Request, request);
        })));
        Assert.All(answers, Assert.True);
    }

    /// <summary>In a debug build every call of an async method allocates, so only a release build can tell.</summary>
    [Fact]
    public async Task Run_NobodyWaits_AllocatesNothing()
    {
        if (typeof(Core.Pipeline.Pipeline).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true }) return;
        var request = Requests.Get();
        var response = new ResponseEnvelope(request, 200);
        var pipeline = new Core.Pipeline.Pipeline(new PipelineParts
        {
            Name = "p",
            Limits = new Core.Configuration.ContentLimitsSection(),
            Left = { new NamedStep<Core.Modules.IRequestMiddleware>("a", new TagMiddleware()),
                new NamedStep<Core.Modules.IRequestMiddleware>("b", new TagMiddleware()) },
            Right = { new NamedStep<Core.Modules.IResponseMiddleware>("a", new TagMiddleware()) },
            Backends = { new NamedBackend("b", new SameAnswer(response)) },
        });
        var endpoint = new QuietEndpoint();
        Assert.Same(response, await pipeline.RunAsync(request, endpoint, default));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) await pipeline.RunAsync(request, endpoint, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class SameAnswer(ResponseEnvelope response) : Core.Modules.IBackend
    {
        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => new(response);
    }

    private ValueTask<ResponseEnvelope> RunAsync(Core.Pipeline.Pipeline pipeline) => pipeline.RunAsync(Requests.Get(), _journal.Endpoint(), default);

    private sealed class EchoId : Core.Modules.IBackend
    {
        public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        {
            await Task.Yield();
            return new ResponseEnvelope(request, 200);
        }
    }

    private sealed class QuietEndpoint : Core.Modules.IEndpoint
    {
        public string Protocol => "http";

        public IReadOnlyList<Core.Modules.EndpointRoute> Routes => [];
    }
}
