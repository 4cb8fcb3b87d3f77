using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Http.Services.Http.Targets;
using Harmony.Http.Services.Targets;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public sealed class AnswerStreamTests : IDisposable
{
    private readonly TestTimeProvider _clock = new();
    private readonly Pipe _pipe = new();
    private readonly TargetPool _pool = TargetPool.Open(
        new TargetPoolSettings("http://127.0.0.1:1", 1, "", "1.1"), new System.Net.Security.SslClientAuthenticationOptions(), TimeProvider.System);
    private readonly HttpTarget _target;
    private readonly ActivityTimeout _deadline;
    private readonly AnswerStream _stream;
    private readonly RequestEnvelope _request;

    public AnswerStreamTests()
    {
        _target = new HttpTarget(new Uri("http://a"), _pool)
        {
            Name = "a", Described = "target 'a'", Timeout = TimeSpan.FromSeconds(5),
            Health = new TargetHealth(new PassiveHealthOptions { MaxFailures = 1 }, _clock),
        };
        _deadline = ActivityTimeout.Start(_clock, _target.Timeout, default);
        _request = new RequestEnvelope { Protocol = "http", Method = "GET", Path = "/", RequestId = "1", Headers = new HeaderFields(), Body = Body.Empty() };
        _stream = new AnswerStream(_pipe.Reader.AsStream(), _target, _request, null, _deadline);
    }

    [Fact]
    public async Task NobodyReads_HoweverLong_TargetIsNotBlamed()
    {
        _clock.Advance(TimeSpan.FromHours(1)); // the client takes its time
        await _pipe.Writer.WriteAsync(new byte[3]);
        Assert.Equal(3, await _stream.ReadAsync(new byte[10]));
        _clock.Advance(TimeSpan.FromHours(1));
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(0, await _stream.ReadAsync(new byte[10]));
        Assert.True(_target.Health.IsWell);
    }

    [Fact]
    public async Task SomebodyReads_NothingComes_IsATimeoutOfTheTarget()
    {
        var reading = _stream.ReadAsync(new byte[10]);
        _clock.Advance(TimeSpan.FromSeconds(6));
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await reading);
        Assert.Equal((FaultKind.Timeout, FaultSource.Backend, false), (fault.Kind, fault.FaultSource, fault.Retryable));
        Assert.False(_target.Health.IsWell);
    }

    [Fact]
    public async Task TargetBreaksOff_WhileRead_IsItsFault()
    {
        await _pipe.Writer.CompleteAsync(new IOException("reset"));
        var fault = await Assert.ThrowsAsync<GatewayException>(() => _stream.ReadExactlyAsync(new byte[10]).AsTask());
        Assert.Equal((FaultKind.Protocol, FaultSource.Backend), (fault.Kind, fault.FaultSource));
        Assert.True(_stream.HasFailed);
    }

    [Fact]
    public async Task TargetBreaksOff_WhileRead_IsCounted()
    {
        var counted = 0L;
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Name == "harmony.target.failures") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "target", Value: "a broken one" }) Interlocked.Add(ref counted, count);
            }
        });
        listener.Start();
        var target = new HttpTarget(new Uri("http://a"), _pool)
        {
            Name = "a broken one", Described = "target", Timeout = _target.Timeout, Health = _target.Health,
        };
        await using var stream = new AnswerStream(_pipe.Reader.AsStream(), target, _request, null, _deadline);
        await _pipe.Writer.CompleteAsync(new IOException("reset"));
        await Assert.ThrowsAsync<GatewayException>(() => stream.ReadExactlyAsync(new byte[10]).AsTask());
        Assert.Equal(1, Interlocked.Read(ref counted));
    }

    /// <summary>HttpClient throws without a task what it finds in bytes that are there already.</summary>
    [Fact]
    public async Task TargetSendsNonsense_FoundAtOnce_IsItsFaultAndNotQuoted()
    {
        await using var inner = new ThrowingStream(new HttpIOException(HttpRequestError.InvalidResponse, "Mustermann"));
        await using var stream = new AnswerStream(inner, _target, _request, null, _deadline);
        var fault = await Assert.ThrowsAsync<GatewayException>(() => stream.ReadExactlyAsync(new byte[10]).AsTask());
        Assert.Equal((FaultKind.Protocol, FaultSource.Backend), (fault.Kind, fault.FaultSource));
        Assert.DoesNotContain("Mustermann", fault.ToString(), StringComparison.Ordinal);
        Assert.False(_target.Health.IsWell);
    }

    [Fact]
    public async Task ReaderStops_ForReasonsOfItsOwn_TargetIsNotBlamed()
    {
        using var own = new CancellationTokenSource();
        var reading = _stream.ReadAsync(new byte[10], own.Token);
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        Assert.True(_target.Health.IsWell);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _deadline.Dispose();
        _pool.Dispose();
    }

    private sealed class ThrowingStream(Exception e) : AsyncReadStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw e;
    }
}
