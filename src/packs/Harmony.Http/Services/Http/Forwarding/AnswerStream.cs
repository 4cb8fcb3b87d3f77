using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Forwarding.Http1;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// The body of an answer as it comes from a target. The activity time-out runs only while a reader waits for bytes;
/// what goes wrong is told as a fault, and counts for the target's health.
/// </summary>
internal sealed class AnswerStream : AsyncReadStream
{
    private readonly Stream _inner;
    private readonly HttpTarget _target;
    private readonly RequestEnvelope _request;
    private readonly RequestUpload? _upload;
    private readonly ActivityTimeout _deadline;
    private long _remaining;

    /// <param name="inner">The body, straight from the wire.</param>
    /// <param name="target">Whose it is.</param>
    /// <param name="request">The request it answers.</param>
    /// <param name="upload">The body of the request.</param>
    /// <param name="deadline">Told of every wait.</param>
    /// <param name="length">Bytes there will be; null where that is not known.</param>
    public AnswerStream(Stream inner, HttpTarget target, RequestEnvelope request, RequestUpload? upload, ActivityTimeout deadline, long? length = null)
    {
        _remaining = length ?? long.MaxValue;
        _inner = inner;
        _target = target;
        _request = request;
        _upload = upload;
        _deadline = deadline;
        deadline.Pause();
    }

    /// <summary>Whether all of it has been read.</summary>
    public bool HasEnded => _remaining == 0;

    /// <summary>Whether the target broke off or stopped.</summary>
    public bool HasFailed { get; private set; }

    public override ValueTask WaitAsync(CancellationToken ct)
    {
        if (HasEnded) return ValueTask.CompletedTask;
        var waiting = ReadAsync(Memory<byte>.Empty, ct);
        if (!waiting.IsCompletedSuccessfully) return AwaitAsync(waiting);
        waiting.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;

        static async ValueTask AwaitAsync(ValueTask<int> waiting) => await waiting;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = BeginRead(buffer);
        if (!reading.IsCompletedSuccessfully) return WaitAsync(reading, buffer.IsEmpty, cancellationToken);
        return new ValueTask<int>(Noted(reading.Result, buffer.IsEmpty));
    }

    /// <summary>HttpClient throws at once what it finds in bytes that are there already.</summary>
    private ValueTask<int> BeginRead(Memory<byte> buffer)
    {
        try
        {
            return _inner.ReadAsync(buffer, _deadline.Token);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> reading, bool isEmpty, CancellationToken ct)
    {
        _deadline.Resume();
        try
        {
            // The deadline trips by itself when the client goes; others may have reasons of their own to stop.
            using var stop = ct == _request.Aborted ? default : ct.UnsafeRegister(static state => ((ActivityTimeout)state!).Cancel(), _deadline);
            return Noted(await reading, isEmpty);
        }
        catch (Exception e) when (!ct.IsCancellationRequested || _request.Aborted.IsCancellationRequested)
        {
            throw Noted(ForwardFaults.InAnswer(e, _target, _request, _upload, _deadline));
        }
        finally
        {
            _deadline.Pause();
        }
    }

    private int Noted(int read, bool isEmpty)
    {
        if (!isEmpty) _remaining = read == 0 ? 0 : _remaining - read;
        return read;
    }

    private Exception Noted(Exception fault)
    {
        if (fault is not GatewayException { FaultSource: FaultSource.Backend } || HasFailed) return fault;
        HasFailed = true;
        _target.Failed(fault.Message);
        return fault;
    }
}

/// <summary>Holds the target's connection open while its answer is on the way, and lets go of everything at the end.</summary>
internal sealed class ResponseSource(
    TargetAnswer answer, AnswerStream? body, RequestEnvelope request, RequestUpload? upload, ActivityTimeout timeout, HttpTarget target) : IAsyncDisposable
{
    private int _disposed;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        // An answer is good when it came to its end; one that the client did not wait for says nothing.
        if (body is not { HasFailed: true } && !request.Aborted.IsCancellationRequested) target.Health.Succeeded();
        // The client's stream belongs to its connection and must not be read when the request has ended.
        if (upload is { IsDone: false })
        {
            // A target may answer in full and go on taking the upload, as long as it does; where the response was cut short the rest is of no use.
            if (body is not { HasEnded: true } || answer.EndsConnection) timeout.Cancel();
            else timeout.CountAllWaits();
            await upload.WhenDone;
        }

        if (upload is not null) await upload.EndAsync();
        await answer.DisposeAsync();
        target.Leave();
        timeout.Dispose();
    }
}

/// <summary>A target's end of a connection that has switched protocols. Reads end when no byte has moved for the time allowed.</summary>
internal sealed class SwitchedStream(Http1Connection connection, ActivityTimeout deadline) : AsyncReadStream
{
    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = cancellationToken.UnsafeRegister(static state => ((ActivityTimeout)state!).Cancel(), deadline);
        return buffer.IsEmpty ? await connection.WaitAsync(deadline.Token) : await connection.ReadAsync(buffer, deadline.Token);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => connection.SendAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => connection.SendAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends the direction to the target; the target may go on sending.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask EndSendingAsync() => connection.EndSendingAsync();

    /// <summary>Ends both directions so that the target does not take what it got for the whole.</summary>
    public void Reset() => connection.Reset();

    protected override void Dispose(bool disposing)
    {
        if (disposing) connection.Dispose();
        base.Dispose(disposing);
    }
}
