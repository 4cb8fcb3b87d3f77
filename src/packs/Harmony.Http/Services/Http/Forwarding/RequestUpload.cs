using System.Buffers;
using System.Collections.Frozen;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// The body of a request on its way to a target: read from the client as the target takes it. The first 64 KiB are kept until the response has begun, so that a
/// short body can be sent again (RFC 9113 §8.7), although it is read from the client once.
/// </summary>
/// <remarks>
/// One for a request, whatever number of tries it takes; one copy at a time. A read of the client's body may outlast a try: the next try awaits it.
/// </remarks>
internal sealed class RequestUpload(RequestEnvelope request)
{
    private const int MostKept = 64 * 1024;

    private readonly Body _body = request.Body;
    private readonly CancellationToken _aborted = request.Aborted;
    private CancellationTokenSource? _life;
    private TaskCompletionSource? _copying;
    private Stream? _wire;
    private Task<int>? _reading;
    private byte[]? _buffer;
    private byte[]? _extra; // room for one byte behind a full buffer: whether there is more
    private int _kept;
    private bool _isOverfull;
    private bool _hasEnded;
    private volatile bool _isAnswered;

    /// <summary>Whether this try has begun to send the body.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Whether this try has sent all of the body. Before that no target has a whole request.</summary>
    public bool WasSentWhole { get; private set; }

    /// <summary>Whether the body can be sent from its beginning: again, or for the first time.</summary>
    public bool CanBeSent => _body.IsKept || _wire is null || (!_isOverfull && !_isAnswered);

    /// <summary>Whether all of the body is here, so that it can be sent again without waiting for the client.</summary>
    public bool IsHereWhole => _body.IsKept || (CanBeSent && (_hasEnded || _kept == _body.Length || _wire is null));

    /// <summary>Bytes of the body; null where the number is not known before the end.</summary>
    public long? Length => _body.IsBuffered ? _body.BufferedBytes.Length : _body.Length;

    /// <summary>Gives the fields to send behind the body once it has been sent; null where none may follow.</summary>
    public Func<HeaderFields?>? Trailers { get; set; }

    /// <summary>What went wrong on the client's side, so that it is not taken for a fault of the target.</summary>
    public Exception? ClientFault { get; private set; }

    /// <summary>Completes when no target is being sent to any more.</summary>
    public Task WhenDone => _copying?.Task ?? Task.CompletedTask;

    /// <summary>Whether reading from the client has ended.</summary>
    public bool IsDone => WhenDone.IsCompleted && _reading is null;

    /// <summary>The body of a request; null where there is none.</summary>
    public static RequestUpload? Of(RequestEnvelope request) => request.Body.IsEmpty ? null : new RequestUpload(request);

    /// <summary>Begins another try.</summary>
    public void BeginTry()
    {
        HasStarted = WasSentWhole = false;
        Trailers = null;
    }

    /// <summary>The bytes, where they are in memory already and few.</summary>
    public bool TryGetShort(int most, out ReadOnlyMemory<byte> bytes)
    {
        bytes = _body.IsBuffered ? _body.BufferedBytes : default;
        return _body.IsBuffered && bytes.Length <= most;
    }

    /// <summary>Tells that the response has begun: the body will not be sent again, and need not be kept.</summary>
    public void Answered() => _isAnswered = true;

    /// <summary>Sends the body to a stream that frames it.</summary>
    /// <param name="target">Takes the bytes.</param>
    /// <param name="deadline">Does not run while the client is waited for.</param>
    /// <param name="ct">Ends the try.</param>
    public async Task CopyToAsync(Stream target, ActivityTimeout deadline, CancellationToken ct)
    {
        HasStarted = true;
        _copying = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (_body.IsBuffered) await target.WriteAsync(_body.BufferedBytes, ct);
            else if (_body.IsKept) await CopyKeptAsync(target, deadline, ct);
            else await CopyAsync(_wire ??= _body.OpenStream(), target, deadline, ct);
            WasSentWhole = true;
        }
        finally
        {
            _copying.TrySetResult();
        }
    }

    /// <summary>Reads the fields to send behind the body.</summary>
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

    /// <summary>Ends the upload: the client must not be read when the request has ended. The last try has been cancelled, or has ended by itself.</summary>
    public async ValueTask EndAsync()
    {
        await WhenDone;
        await EndReadAsync();
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
        _life?.Dispose();
        _life = null;
    }

    /// <summary>Sends on at once what has come when the client pauses; else gathers, so that small pieces do not become small packets.</summary>
    private async Task CopyAsync(Stream source, Stream target, ActivityTimeout deadline, CancellationToken ct)
    {
        _life ??= CancellationTokenSource.CreateLinkedTokenSource(_aborted);
        _buffer ??= ArrayPool<byte>.Shared.Rent((int)Math.Clamp(_body.Length ?? MostKept, 1, MostKept));
        if (_kept > 0) await target.WriteAsync(_buffer.AsMemory(0, _kept), ct);
        var isFlushed = false; // the head waits for the first bytes in HttpClient, and those may wait for the response
        while (!_hasEnded)
        {
            var room = Room();
            var read = TryRead(source, room);
            if (read < 0)
            {
                if (!isFlushed) await target.FlushAsync(ct);
                isFlushed = true;
                read = await ReadAsync(_reading!, deadline, ct);
            }

            if (!Note(read)) return;
            await target.WriteAsync(room[..read], ct);
            deadline.Progress();
            isFlushed = false;
        }
    }

    /// <summary>Sends a body that can be opened again. What is read of it is for this try alone.</summary>
    private async Task CopyKeptAsync(Stream target, ActivityTimeout deadline, CancellationToken ct)
    {
        (_isOverfull, _hasEnded) = (true, false);
        await using var source = _body.OpenStream();
        try
        {
            await CopyAsync(source, target, deadline, ct);
        }
        finally
        {
            await EndReadAsync();
        }
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>-1 where nothing is there yet: <see cref="_reading"/> is under way.</returns>
    private int TryRead(Stream source, Memory<byte> room)
    {
        if (_reading is not null) return -1;
        var reading = source.ReadAsync(room, _life!.Token);
        if (reading.IsCompletedSuccessfully) return reading.Result;
        _reading = reading.AsTask();
        return -1;
    }

    /// <summary>Where the next bytes go. Stays the same until <see cref="Note"/> has counted them.</summary>
    private Memory<byte> Room()
    {
        _isOverfull |= _isAnswered;
        if (_isOverfull) return _buffer!;
        return _kept < _buffer!.Length ? _buffer.AsMemory(_kept) : _extra ??= new byte[1];
    }

    /// <summary>Counts what has been read into the room.</summary>
    /// <returns>False at the end of the body.</returns>
    private bool Note(int read)
    {
        _hasEnded = read == 0;
        if (_extra is null && !_isOverfull) _kept += read;
        else _isOverfull |= read > 0;
        return !_hasEnded;
    }

    private async ValueTask EndReadAsync()
    {
        if (_reading is not { } reading) return;
        await _life!.CancelAsync();
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reading = null;
        _life.Dispose();
        _life = null;
    }

    private async ValueTask<int> ReadAsync(Task<int> reading, ActivityTimeout deadline, CancellationToken ct)
    {
        deadline.Pause(); // a slow client is no fault of the target
        try
        {
            var read = await reading.WaitAsync(ct);
            _reading = null;
            return read;
        }
        catch (Exception e) when (reading.IsCompleted)
        {
            _reading = null;
            if (e is not OperationCanceledException) ClientFault = e;
            throw;
        }
        finally
        {
            deadline.Resume();
        }
    }
}

/// <summary>
/// The fields behind the body of a request that are for the target. They come after everything has been decided, so none of them may
/// be about what has been: framing, routing, conditions, authentication, the content's form (RFC 9110 §6.5.1). Nor may one repeat a field of the head,
/// which is what the gateway vouches for; an origin that throws both together would take the client's word for it.
/// </summary>
internal static class RequestTrailers
{
    private static readonly FrozenSet<string> Never = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Authorization", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Cookie", "Expect", "Host", "If-Match",
        "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Max-Forwards", "Pragma", "Range", "Trailer", "X-Content-Length",
            "X-Request-Id");

    /// <summary>Whether there may be some to send. A body that a step has changed is not the one they speak of.</summary>
    public static bool MayFollow(RequestEnvelope request) => request.Trailers is not null && request.Body is { Length: null, IsReplaced: false };

    /// <summary>Those to send, once the body has been read to its end; null for none.</summary>
    public static HeaderFields? Of(RequestEnvelope request, OutgoingHead head)
    {
        if (request.Trailers?.Invoke() is not { } sent) return null;
        HeaderFields? passed = null;
        var named = HopByHopFields.NamedBy(request.Headers.Combined("connection"));
        foreach (ref readonly var field in sent.AsSpan())
        {
            if (IsLeftOut(field.Name, request.ComesFromTrustedProxy) || named?.Contains(field.Name) == true || head.Fields.Contains(field.Name)) continue;
            (passed ??= new HeaderFields(4)).Add(field.Name, field.Value);
        }

        return passed;
    }

    private static bool IsLeftOut(string name, bool fromTrustedProxy)
        => HopByHopFields.Contains(name) || Never.Contains(name) || ForwardedFields.LeavesOut(name, fromTrustedProxy);
}
