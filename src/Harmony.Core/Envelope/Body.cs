using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Faults;

namespace Harmony.Core.Envelope;

/// <summary>
/// The body of a message: a stream first, bytes when somebody asks, JSON when somebody asks. It is read from the wire at most once and
/// parsed at most once. A body nobody looks at is copied from socket to socket and never held in memory.
/// </summary>
/// <remarks>Not safe for concurrent use: the pipeline has one step at work at a time.</remarks>
public sealed class Body
{
    private Stream? _stream;
    private ReadOnlyMemory<byte> _bytes;
    private JsonNode? _json;
    private bool _taken;
    private bool _parsed;
    private bool _stale; // the JSON was replaced and the bytes no longer say the same

    private Body(Stream? stream, long? length)
    {
        _stream = stream;
        Length = length;
    }

    /// <summary>How deep JSON may nest.</summary>
    public const int MaxJsonDepth = 128;

    /// <summary>Length in bytes where it is known: declared by the sender, or counted once the body is buffered.</summary>
    public long? Length { get; private set; }

    /// <summary>Whether the bytes are in memory, so that they can be sent more than once.</summary>
    public bool IsBuffered => _stream is null;

    /// <summary>Whether there is certainly nothing in it.</summary>
    public bool IsEmpty => IsBuffered && !_stale && _bytes.IsEmpty;

    /// <summary>Whether a step of the pipeline put something else in the place of what was received.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Who is to blame when it cannot be understood: the client, or for an answer the backend.</summary>
    internal FaultSource Sender { get; set; } = FaultSource.Client;

    /// <summary>A new body without content.</summary>
    public static Body Empty() => new(null, 0);

    /// <summary>A body that comes from a stream.</summary>
    /// <param name="stream">Read once, from where it stands; not disposed here.</param>
    /// <param name="length">The declared length, or null where the sender declared none.</param>
    public static Body FromStream(Stream stream, long? length) => new(stream ?? throw new ArgumentNullException(nameof(stream)), length);

    /// <summary>A body that is in memory already.</summary>
    public static Body FromBytes(ReadOnlyMemory<byte> bytes) => new(null, bytes.Length) { _bytes = bytes };

    /// <summary>The stream to copy from: the one from the wire, which can be opened once, or one over the bytes in memory.</summary>
    /// <exception cref="InvalidOperationException">The wire's stream was taken before.</exception>
    public Stream OpenStream()
    {
        if (_stream is null) return OverBytes(CurrentBytes());
        if (_taken) throw new InvalidOperationException("the body has been streamed already and was not kept");
        _taken = true;
        return _stream;
    }

    /// <summary>The bytes of a buffered body, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The body is still a stream.</exception>
    public ReadOnlyMemory<byte> BufferedBytes => IsBuffered ? CurrentBytes() : throw new InvalidOperationException("the body is not in memory");

    /// <summary>Reads the whole body into memory, once; later calls return the same bytes.</summary>
    /// <param name="limit">Most bytes that may be held (<c>content_limits.max_body_size</c>).</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <exception cref="GatewayException"><see cref="FaultKind.TooLarge"/> when there are more.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(long limit, CancellationToken ct)
    {
        if (_stream is null) return CurrentBytes();
        if (Length > limit) throw TooLarge(limit);
        if (await BodyReader.ReadAsync(OpenStream(), Length, limit, ct) is not { } bytes) throw TooLarge(limit);

        _stream = null;
        _bytes = bytes;
        Length = bytes.Length;
        return bytes;
    }

    /// <summary>The body as JSON, parsed once. Null when the body is empty or the JSON value <c>null</c>.</summary>
    /// <param name="limit">Most bytes that may be held.</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <exception cref="GatewayException"><see cref="FaultKind.TooLarge"/>, or <see cref="FaultKind.Malformed"/> when it is not JSON.</exception>
    public async ValueTask<JsonNode?> ReadJsonAsync(long limit, CancellationToken ct)
    {
        if (_parsed) return _json;
        var bytes = await ReadBytesAsync(limit, ct);
        try
        {
            _json = JsonText.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }

        _parsed = true;
        return _json;
    }

    /// <summary>Puts other bytes in the place of what was received.</summary>
    public void Replace(ReadOnlyMemory<byte> bytes)
    {
        (_stream, _bytes, _json, _parsed, _stale) = (null, bytes, null, false, false);
        Length = bytes.Length;
        IsReplaced = true;
    }

    /// <summary>Puts JSON in the place of what was received; it is serialised when somebody needs the bytes.</summary>
    public void Replace(JsonNode? json)
    {
        (_stream, _bytes, _json, _parsed, _stale) = (null, default, json, true, true);
        Length = null;
        IsReplaced = true;
    }

    private ReadOnlyMemory<byte> CurrentBytes()
    {
        if (!_stale) return _bytes;
        _bytes = JsonText.Write(_json);
        _stale = false;
        Length = _bytes.Length;
        return _bytes;
    }

    private static MemoryStream OverBytes(ReadOnlyMemory<byte> bytes)
        => MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    private GatewayException Malformed(JsonException e)
    {
        var where = e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}" : e.Message;
        return Sender == FaultSource.Client
            ? new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the body is not JSON: {where}", e)
            : new GatewayException(Sender, FaultKind.Protocol, $"the body of the answer is not JSON: {where}", e);
    }

    private GatewayException TooLarge(long limit) => Sender == FaultSource.Client
        ? new GatewayException(FaultSource.Client, FaultKind.TooLarge, $"the body is larger than content_limits.max_body_size = {limit} bytes")
        : new GatewayException(Sender, FaultKind.Protocol, $"the body of the answer is larger than content_limits.max_body_size = {limit} bytes");
}
