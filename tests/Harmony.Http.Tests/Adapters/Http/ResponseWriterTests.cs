using System.IO.Pipelines;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Adapters.Http;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Harmony.Http.Tests.Adapters.Http;

public class ResponseWriterTests
{
    /// <summary>The buffer goes back to where others take theirs from: not while the backend may still write into it.</summary>
    [Fact]
    public async Task Client_GoesWhileTheBackendIsWaitedFor_ReadIsEndedFirst()
    {
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync(); // the client has gone
        var context = new DefaultHttpContext();
        using var lifetime = new Lifetime();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        context.Features.Set<IHttpResponseBodyFeature>(new PipeBody(pipe.Writer));
        var exchange = new HttpExchange(context.Features);
        var request = new RequestEnvelope
        {
            Protocol = "http", Method = "GET", Path = "/", RequestId = "1", Headers = new HeaderFields(), Body = Body.Empty(), Aborted = exchange.Aborted,
        };
        await using var backend = new WaitingStream();
        var response = new ResponseEnvelope(request, 200) { Body = Body.FromStream(backend, null) };
        var fault = await Assert.ThrowsAsync<GatewayException>(() => ResponseWriter.WriteAsync(exchange, response, request.Aborted).AsTask().Guarded());
        Assert.Equal(FaultKind.ClientGone, fault.Kind);
        Assert.True(backend.HasEnded);
    }

    private sealed class WaitingStream : AsyncReadStream
    {
        public bool HasEnded { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return 0;
            }
            finally
            {
                HasEnded = true;
            }
        }
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource _source = new();

        public CancellationToken RequestAborted { get => _source.Token; set => throw new NotSupportedException(); }

        public void Abort() => _source.Cancel();

        public void Dispose() => _source.Dispose();
    }

    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;
    }
}
