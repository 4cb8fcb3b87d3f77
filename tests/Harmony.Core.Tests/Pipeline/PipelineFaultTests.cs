using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Pipeline;

public class PipelineFaultTests
{
    private readonly Journal _journal = new();
    private readonly List<Disposal> _sources = [];

    [Fact]
    public async Task Run_LeftThrows_IsAFaultThatNamesTheMiddleware()
    {
        var cause = new KeyNotFoundException();
        var pipeline = Pipelines.Of([new Journal.Step(_journal, "enrich") { Left = _ => throw cause }], [], [Backend()]);
        var fault = await FaultAsync(pipeline);
        Assert.Equal("middleware 'enrich' failed", fault.Message);
        Assert.Equal((FaultSource.Gateway, FaultKind.Internal), (fault.FaultSource, fault.Kind));
        Assert.Same(cause, fault.InnerException);
    }

    [Fact]
    public async Task Run_RightThrows_NamesTheMiddlewareAndLetsGoOfTheBackend()
    {
        var pipeline = Pipelines.Of([], [new Journal.Step(_journal, "enrich") { Right = _ => throw new KeyNotFoundException() }, _journal.Middleware("after")],
            [Backend()]);
        Assert.Equal("middleware 'enrich' failed", (await FaultAsync(pipeline)).Message);
        Assert.Equal(1, Assert.Single(_sources).Count);
        Assert.Equal("<endpoint backend enrich>", _journal.ToString());
    }

    [Fact]
    public async Task Run_EndpointThrowsOnTheWayOut_LetsGoOfTheBackend()
    {
        var endpoint = new Journal.Way(_journal) { Out = _ => throw new InvalidOperationException() };
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Pipelines.Of([], [], [Backend()]).RunAsync(Requests.Get(), endpoint, default));
        Assert.Equal(1, Assert.Single(_sources).Count);
    }

    [Fact]
    public async Task Run_StepThrowsAFault_PassesItOnAsItIs()
    {
        var thrown = new GatewayException(FaultSource.Client, FaultKind.Malformed, "not JSON");
        Assert.Same(thrown, await FaultAsync(Pipelines.Of([new Journal.Step(_journal, "a") { Left = _ => throw thrown }], [], [])));
        Assert.Same(thrown, await FaultAsync(Pipelines.Of([], [new Journal.Step(_journal, "a") { Right = _ => throw thrown }], [Backend()])));
        Assert.Equal(1, Assert.Single(_sources).Count);
    }

    [Fact]
    public async Task Run_CancelledByTheCaller_IsACancellation()
    {
        using var cancel = new CancellationTokenSource();
        var step = new Journal.Step(_journal, "a")
        {
            Left = _ =>
            {
                cancel.Cancel();
                throw new OperationCanceledException(cancel.Token);
            },
        };
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await Pipelines.Of([step], [], []).RunAsync(Requests.Get(), _journal.Endpoint(), cancel.Token));
    }

    [Fact]
    public async Task Run_StepTimesOutByItself_IsAFaultOfTheStep()
    {
        var step = new Journal.Step(_journal, "slow") { Left = _ => throw new TaskCanceledException() };
        Assert.Equal("middleware 'slow' failed", (await FaultAsync(Pipelines.Of([step], [], []))).Message);
    }

    [Fact]
    public async Task Run_AllIsWell_LeavesTheResponseToTheAdapter()
    {
        await Pipelines.Of([], [_journal.Middleware("a")], [Backend()]).RunAsync(Requests.Get(), _journal.Endpoint(), default);
        Assert.Equal(0, Assert.Single(_sources).Count);
    }

    private Journal.Sink Backend() => new(_journal, "backend")
    {
        Answer = r =>
        {
            _sources.Add(new Disposal());
            return new ResponseEnvelope(r, 200) { Source = _sources[^1] };
        },
    };

    private async Task<GatewayException> FaultAsync(Core.Pipeline.Pipeline pipeline)
        => await Assert.ThrowsAsync<GatewayException>(async () => await pipeline.RunAsync(Requests.Get(), _journal.Endpoint(), default));
}
