using System.Runtime.CompilerServices;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Envelope;

public sealed class ObjectStreamTests
{
    private readonly List<string> _journal = [];

    [Fact]
    public async Task Objects_ComeInOrderWithTheirFacts_AndGoWhenTheNextIsAskedFor()
    {
        await using (var stream = new ObjectStream(TwoAsync()) { Expected = 2 })
        {
            await foreach (var one in stream)
            {
                using var reader = new StreamReader(one.OpenStream());
                _journal.Add($"{one.Properties["id"]} {one.ContentType} {one.Length} {await reader.ReadToEndAsync()}");
            }

            Assert.Equal((2, 2), (stream.Expected, stream.Count));
        }

        Assert.Equal(["1 text/plain 3 one", "1 gone", "2 text/plain  two", "2 gone", "enumerator gone"], _journal);
    }

    [Fact]
    public async Task Dispose_InTheMiddle_ReleasesObjectEnumeratorAndSource()
    {
        var stream = new ObjectStream(TwoAsync(), source: new Owned(_journal, "source"));
        var reader = stream.GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        await reader.DisposeAsync();
        Assert.Equal(["1 gone", "enumerator gone", "source gone"], _journal);
    }

    [Fact]
    public async Task Dispose_ThatNobodyHasRead_ReleasesTheSource()
    {
        await new ObjectStream(TwoAsync(), source: new Owned(_journal, "source")).DisposeAsync();
        Assert.Equal(["source gone"], _journal);
    }

    [Fact]
    public async Task Reading_Twice_IsRefused()
    {
        await using var stream = new ObjectStream(TwoAsync());
        stream.GetAsyncEnumerator();
        Assert.Throws<InvalidOperationException>(() => stream.GetAsyncEnumerator());
    }

    [Theory]
    [InlineData(FaultSource.Backend, FaultKind.Protocol)]
    [InlineData(FaultSource.Client, FaultKind.Malformed)]
    public async Task Failure_InTheMiddle_IsAFaultOfTheSender(FaultSource sender, FaultKind kind)
    {
        await using var stream = new ObjectStream(BreakingAsync(new IOException("reset")), sender);
        var fault = await Assert.ThrowsAsync<GatewayException>(() => CountAsync(stream));
        Assert.Equal((sender, kind, 1), (fault.FaultSource, fault.Kind, stream.Count));
        Assert.IsType<IOException>(fault.InnerException);
    }

    [Fact]
    public async Task Failure_ThatIsAFaultAlready_StaysWhatItIs()
    {
        var timeout = new GatewayException(FaultSource.Backend, FaultKind.Timeout, "silent");
        await using var stream = new ObjectStream(BreakingAsync(timeout));
        Assert.Same(timeout, await Assert.ThrowsAsync<GatewayException>(() => CountAsync(stream)));
    }

    [Fact]
    public async Task Cancellation_ByTheReader_IsNoFault()
    {
        using var cancel = new CancellationTokenSource();
        await using var stream = new ObjectStream(WaitingAsync(default));
        await using var reader = stream.GetAsyncEnumerator(cancel.Token);
        var waiting = reader.MoveNextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
    }

    [Fact]
    public async Task MissingObject_TellsItsFaultAndHasNoContent()
    {
        var missing = StreamedObject.Missing(new GatewayException(FaultSource.Backend, FaultKind.Unavailable, "in the archive"));
        Assert.Equal(FaultKind.Unavailable, missing.Fault!.Kind);
        Assert.Equal(FaultKind.Unavailable, Assert.Throws<GatewayException>(missing.OpenStream).Kind);
        await missing.DisposeAsync();
    }

    [Fact]
    public async Task Response_DisposesItsObjectsAndItsSource()
    {
        var response = new ResponseEnvelope(Requests.Get("/"), 200)
        {
            Objects = new ObjectStream(TwoAsync(), source: new Owned(_journal, "objects")),
            Source = new Owned(_journal, "connection"),
        };
        await response.DisposeAsync();
        Assert.Equal(["objects gone", "connection gone"], _journal);
    }

    [Fact]
    public async Task Request_ReadsItsBodyAsObjects()
    {
        var request = Requests.Get("/");
        Assert.Null(request.ReadObjects());
        request.ObjectReader = body => new ObjectStream(OneAsync(body), FaultSource.Client);
        await using var objects = request.ReadObjects()!;
        Assert.Equal(1, await CountAsync(objects));
    }

    private static async Task<int> CountAsync(ObjectStream stream)
    {
        await foreach (var one in stream) Assert.NotNull(one.ContentType);
        return stream.Count;
    }

    private static async IAsyncEnumerable<StreamedObject> OneAsync(Body body)
    {
        await Task.Yield();
        yield return new StreamedObject("application/octet-stream", body.OpenStream());
    }

    private static async IAsyncEnumerable<StreamedObject> BreakingAsync(Exception failure)
    {
        yield return new StreamedObject("text/plain", Stream.Null);
        await Task.Yield();
        throw failure;
    }

    private static async IAsyncEnumerable<StreamedObject> WaitingAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        yield break;
    }

    private async IAsyncEnumerable<StreamedObject> TwoAsync()
    {
        try
        {
            yield return Object("1", "one", 3);
            await Task.Yield();
            yield return Object("2", "two", null);
        }
        finally
        {
            _journal.Add("enumerator gone");
        }
    }

    private StreamedObject Object(string id, string content, long? length)
        => new("text/plain", new OwnedStream(_journal, id, content), length) { Properties = { ["id"] = id } };

    private sealed class Owned(List<string> journal, string name) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            journal.Add($"{name} gone");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OwnedStream(List<string> journal, string name, string content) : MemoryStream(System.Text.Encoding.UTF8.GetBytes(content))
    {
        public override async ValueTask DisposeAsync()
        {
            journal.Add($"{name} gone");
            await base.DisposeAsync();
        }

        // The reader of the test closes what it reads; nothing else is to be released.
        protected override void Dispose(bool disposing) => base.Dispose(disposing);
    }
}
