using System.IO.Pipelines;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Testing;

namespace Harmony.Core.Tests.Pipeline;

public class FanOutTests
{
    [Theory]
    [InlineData("201 200", 201, 0)]
    [InlineData("200 507", 507, 1)]
    [InlineData("500 200", 500, 0)]
    [InlineData("200 404 503", 404, 1)]
    [InlineData("fault 200", 0, 0)]
    [InlineData("200 fault 500", 0, 1)]
    public async Task Send_SeveralBackends_AllGetTheWholeBodyAndTheFirstFailureIsAnswered(string behaviours, int status, int chosen)
    {
        var body = new byte[200_000];
        Random.Shared.NextBytes(body);
        var backends = behaviours.Split(' ').Select(b => new RecordingBackend(b)).ToList();
        using var request = Request(Body.FromStream(new MemoryStream(body), null));
        var sending = FanOut.SendAsync(request, [.. backends.Select((b, i) => new NamedBackend($"b{i}", b))], CancellationToken.None).AsTask();
        if (status == 0) await Assert.ThrowsAsync<GatewayException>(() => sending);
        else Assert.Equal(status, (await sending).Status);
        Assert.Equal(chosen, request.ChosenBackend);
        Assert.All(backends, b => Assert.Equal(body, b.Received));
        // What is not answered is let go of; what is, is its reader's.
        for (var i = 0; i < backends.Count; i++) Assert.Equal(i != chosen && backends[i].Behaviour != "fault", backends[i].IsDisposed);
    }

    [Fact]
    public async Task Send_AllAreAskedAtOnce_WhileTheBodyStillComes()
    {
        var pipe = new Pipe();
        var backends = Enumerable.Range(0, 3).Select(_ => new MeetingBackend()).ToArray();
        using var request = Request(Body.FromStream(pipe.Reader.AsStream(), null));
        var sending = FanOut.SendAsync(request, [.. backends.Select((b, i) => new NamedBackend($"b{i}", b))], CancellationToken.None).AsTask();
        await pipe.Writer.WriteAsync("first"u8.ToArray());
        foreach (var backend in backends) await backend.HasBegun.Guarded(); // each has read something, and none has answered
        Assert.False(sending.IsCompleted);
        await pipe.Writer.WriteAsync("last"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        Assert.Equal(200, (await sending.Guarded()).Status);
        Assert.All(backends, b => Assert.Equal("firstlast"u8.ToArray(), b.Received));
    }

    /// <summary>A sender that goes away is the fault that is told, not what the backends make of half a body.</summary>
    [Fact]
    public async Task Send_BodyBreaksOff_IsThatFault()
    {
        var pipe = new Pipe();
        var backends = new RecordingBackend[] { new("200"), new("fault") };
        using var request = Request(Body.FromStream(pipe.Reader.AsStream(), null));
        var sending = FanOut.SendAsync(request, [.. backends.Select((b, i) => new NamedBackend($"b{i}", b))], CancellationToken.None).AsTask();
        await pipe.Writer.CompleteAsync(new GatewayException(FaultSource.Client, FaultKind.ClientGone, "gone"));
        Assert.Equal(FaultKind.ClientGone, (await Assert.ThrowsAsync<GatewayException>(() => sending.Guarded())).Kind);
        Assert.All(backends, b => Assert.Empty(b.Received));
    }

    /// <summary>Nobody wants the rest of a body that every backend has refused.</summary>
    [Fact]
    public async Task Send_AllRefuseAtOnce_TheRestOfTheBodyIsNotRead()
    {
        var pipe = new Pipe();
        var backends = new NamedBackend[] { new("a", new RefusingBackend(401)), new("b", new RefusingBackend(503)) };
        using var request = Request(Body.FromStream(pipe.Reader.AsStream(), null));
        await pipe.Writer.WriteAsync("first"u8.ToArray());
        await using var response = await FanOut.SendAsync(request, backends, CancellationToken.None).AsTask().Guarded(); // and the sender sends on
        Assert.Equal(401, response.Status);
    }

    /// <summary>A fault tells where it was thrown, not only where it was answered.</summary>
    [Fact]
    public async Task Send_Fault_KeepsItsStack()
    {
        using var request = Request(Body.Empty());
        var backends = new NamedBackend[] { new("a", new RecordingBackend("200")), new("b", new RecordingBackend("fault")) };
        var fault = await Assert.ThrowsAsync<GatewayException>(() => FanOut.SendAsync(request, backends, CancellationToken.None).AsTask());
        Assert.Contains(nameof(RecordingBackend), fault.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Forks_SayAllThatTheRequestSays()
    {
        var trailers = new HeaderFields();
        var target = new TargetDetails { BaseUrl = "http://a" };
        using var request = new RequestEnvelope
        {
            Protocol = "http", Method = "POST", Path = "/", Headers = new HeaderFields(), RequestId = "1", Body = Body.FromStream(new MemoryStream([1]), 1),
            Trailers = () => trailers, Target = target, Scheme = "https", Host = "h", Query = "q=1", EndpointName = "e",
        };
        var seen = new List<RequestEnvelope>();
        var backends = Enumerable.Range(0, 2).Select(i => new NamedBackend($"b{i}", new SeeingBackend(seen))).ToArray();
        await using var response = await FanOut.SendAsync(request, backends, CancellationToken.None);
        Assert.All(seen, fork =>
        {
            Assert.Same(trailers, fork.Trailers!());
            Assert.Equal(("https", "h", "q=1", "e", "http://a"), (fork.Scheme, fork.Host, fork.Query, fork.EndpointName, fork.Target!.BaseUrl));
            Assert.NotSame(target, fork.Target);
        });
    }

    /// <summary>What one writes into the request, others do not see; the one that is answered is the one that later steps see.</summary>
    [Fact]
    public async Task Send_EachBackend_HasARequestOfItsOwn()
    {
        var backends = Enumerable.Range(0, 3).Select(i => new WritingBackend($"b{i}", i == 1 ? 500 : 200)).ToArray();
        using var request = Request(Body.FromBytes("{}"u8.ToArray()));
        request.Metadata["shared"] = "yes";
        request.Headers.Add("x-first", "1");
        await using var response = await FanOut.SendAsync(request, [.. backends.Select(b => new NamedBackend(b.Name, b))], CancellationToken.None);
        Assert.All(backends, b => Assert.Equal(("yes", b.Name, 2), b.Seen));
        Assert.Equal(("b1", "b1", 1), (response.Request.Metadata["by"], request.AskedTarget, request.ChosenBackend));
        Assert.False(request.Metadata.ContainsKey("by"));
    }

    private static RequestEnvelope Request(Body body)
        => new() { Protocol = "http", Method = "POST", Path = "/", Headers = new HeaderFields(), RequestId = "1", Body = body };

    private sealed class MeetingBackend : IBackend
    {
        private readonly TaskCompletionSource _begun = Guard.NewSignal();

        public Task HasBegun => _begun.Task;

        public byte[] Received { get; private set; } = [];

        public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        {
            using var all = new MemoryStream();
            await using var content = request.Body.OpenStream();
            var buffer = new byte[100];
            while (await content.ReadAsync(buffer, ct) is > 0 and var read)
            {
                all.Write(buffer, 0, read);
                _begun.TrySetResult();
            }

            Received = all.ToArray();
            return new ResponseEnvelope(request, 200);
        }
    }

    private sealed class WritingBackend(string name, int status) : IBackend
    {
        public string Name => name;

        public (string Shared, string By, int Headers) Seen { get; private set; }

        public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        {
            request.Metadata["by"] = name;
            request.AskedTarget = name;
            request.Headers.Add("x-by", name);
            await Task.Yield();
            Seen = (request.Metadata["shared"], request.Metadata["by"], request.Headers.Count);
            return new ResponseEnvelope(request, status);
        }
    }

    private sealed class RefusingBackend(int status) : IBackend
    {
        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => new(new ResponseEnvelope(request, status));
    }

    private sealed class SeeingBackend(List<RequestEnvelope> seen) : IBackend
    {
        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        {
            lock (seen) seen.Add(request);
            return new(new ResponseEnvelope(request, 200));
        }
    }

    private sealed class RecordingBackend(string behaviour) : IBackend, IAsyncDisposable
    {
        public string Behaviour => behaviour;

        public byte[] Received { get; private set; } = [];

        public bool IsDisposed { get; private set; }

        public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        {
            using var all = new MemoryStream();
            await using var content = request.Body.OpenStream();
            await content.CopyToAsync(all, ct);
            Received = all.ToArray();
            if (behaviour == "fault") throw new GatewayException(FaultSource.Backend, FaultKind.Unreachable, "gone");
            return new ResponseEnvelope(request, int.Parse(behaviour)) { Source = this };
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
