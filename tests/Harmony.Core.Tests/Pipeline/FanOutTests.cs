using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

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
        using var request = new RequestEnvelope
        {
            Protocol = "http", Method = "POST", Path = "/", Headers = new HeaderFields(), RequestId = "1", Body = Body.FromStream(new MemoryStream(body), null),
        };
        var sending = FanOut.SendAsync(request, [.. backends.Select((b, i) => new NamedBackend($"b{i}", b))], CancellationToken.None).AsTask();
        if (status == 0) await Assert.ThrowsAsync<GatewayException>(() => sending);
        else Assert.Equal(status, (await sending).Status);
        Assert.Equal(chosen, request.ChosenBackend);
        Assert.All(backends, b => Assert.Equal(body, b.Received));
        // What is not answered is let go of; what is, is its reader's.
        for (var i = 0; i < backends.Count; i++) Assert.Equal(i != chosen && backends[i].Behaviour != "fault", backends[i].IsDisposed);
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
