using System.Buffers;
using System.Net;
using Harmony.Core.Envelope;
using Harmony.Http.Services.Http.Forwarding.Handler;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>The body of a request on its way to a target: read from the client as the target takes it.</summary>
internal sealed class RequestContent(Body body, ActivityTimeout timeout) : HttpContent
{
    /// <summary>More than this is not made up behind a body that nobody takes.</summary>
    private const long MostFiller = 1L << 40;

    private static readonly byte[] Filler = new byte[1024 * 1024];

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TargetConnection? _connection;
    private volatile bool _isCut;
    private int _started;

    /// <summary>Whether sending has begun, so that a streamed body cannot be sent again.</summary>
    public bool HasStarted => Volatile.Read(ref _started) != 0;

    /// <summary>Whether it can be sent from its beginning: again, or for the first time.</summary>
    public bool CanBeSent => body.IsKept || !HasStarted;

    /// <summary>Its length; null where it is not known before its end.</summary>
    public long? Length => TryComputeLength(out var length) ? length : null;

    /// <summary>Gives the fields to send behind it once it has been sent; null where none may follow.</summary>
    public Func<HeaderFields?>? Trailers { get; set; }

    /// <summary>What went wrong on the client's side, so that it is not taken for a fault of the target.</summary>
    public Exception? ClientFault { get; private set; }

    /// <summary>Completes when nobody reads from the client any more.</summary>
    public Task WhenDone => HasStarted ? _done.Task : Task.CompletedTask;

    /// <summary>Whether nobody reads from the client any more.</summary>
    public bool IsDone => WhenDone.IsCompleted;

    /// <summary>The bytes, where they are in memory already and few.</summary>
    public bool TryGetShort(int most, out ReadOnlyMemory<byte> bytes)
    {
        bytes = body.IsBuffered ? body.BufferedBytes : default;
        return body.IsBuffered && bytes.Length <= most;
    }

    /// <summary>Copies it to a stream that frames it.</summary>
    public Task SendAsync(Stream target, CancellationToken ct) => CopyAsync(target, ct);

    /// <summary>Reads the fields to send behind it.</summary>
    /// <exception cref="Core.Faults.GatewayException">The client sent some that are none.</exception>
    public HeaderFields? ReadTrailers()
    {
        try
        {
            return Trailers?.Invoke();
        }
        catch (Exception e)
        {
            ClientFault = e;
            throw;
        }
    }

    /// <summary>Tells which connection carries the body.</summary>
    public void SentOver(TargetConnection connection) => _connection = connection;

    /// <summary>Tells that the target takes no more of it. It may have answered.</summary>
    public void Cut() => _isCut = true;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyAsync(stream, timeout.Token);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => CopyAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = body.IsBuffered ? body.BufferedBytes.Length : body.Length ?? -1;
        return length >= 0;
    }

    private async Task CopyAsync(Stream target, CancellationToken ct)
    {
        Volatile.Write(ref _started, 1);
        try
        {
            if (body.IsBuffered) await TargetConnection.SendAsync(this, target, body.BufferedBytes, ct);
            else await StreamAsync(body.OpenStream(), target, ct);
        }
        finally
        {
            _connection?.Release();
            _done.TrySetResult();
        }
    }

    /// <summary>Sends on at once what has come when the client pauses; else gathers, so that small pieces do not become small packets.</summary>
    private async Task StreamAsync(Stream source, Stream target, CancellationToken ct)
    {
        const int Chunk = 64 * 1024;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(body.Length ?? Chunk, 1, Chunk));
        var unflushed = true; // the head waits for the first bytes in HttpClient, and those may wait for the answer
        long sent = 0;
        ValueTask<int> reading = default;
        var isReading = false;
        try
        {
            while (true)
            {
                reading = ReadAsync(source, buffer, ct);
                isReading = true;
                if (unflushed && !reading.IsCompleted)
                {
                    await TargetConnection.SendAsync(this, target, default, ct);
                    unflushed = false;
                }

                isReading = false;
                var read = await reading;
                if (read == 0) return;
                timeout.Progress();
                await TargetConnection.SendAsync(this, target, buffer.AsMemory(0, read), ct);
                timeout.Progress();
                unflushed = true;
                sent += read;
                if (!_isCut) continue;
                await FillAsync(target, (body.Length ?? sent) - sent, ct);
                return;
            }
        }
        finally
        {
            // Nobody else may have the buffer while it is read into. That ends with the request at the latest, which trips the token.
            if (isReading) await ((Task)reading.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>HttpClient holds us to the declared length, though the connection drops the bytes.</summary>
    private static async Task FillAsync(Stream target, long missing, CancellationToken ct)
    {
        if (missing > MostFiller) throw new IOException("the target closed the connection before it had taken the body");
        for (; missing > 0; missing -= Filler.Length) await target.WriteAsync(Filler.AsMemory(0, (int)Math.Min(missing, Filler.Length)), ct);
    }

    private async ValueTask<int> ReadAsync(Stream source, byte[] buffer, CancellationToken ct)
    {
        timeout.Pause(); // a slow client is no fault of the target
        try
        {
            return await source.ReadAsync(buffer, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ClientFault = e;
            throw;
        }
        finally
        {
            timeout.Resume();
        }
    }
}
