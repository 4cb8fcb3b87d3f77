using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Content.Spooling;
using Harmony.Core.Faults;

namespace Harmony.Core.Envelope;

/// <summary>
/// The body of a message: a stream first, bytes when somebody asks, JSON when somebody asks. It is read from the wire at most once and
/// parsed at most once. A body nobody looks at is copied from socket to socket and never held in memory.
/// </summary>
/// <remarks>Not safe for concurrent use: the pipeline has one step at work at a time.</remarks>
public sealed class Body : IDisposable
{
    private Stream? _stream;
    private SpooledFile? _file;
    private SharedSpool? _shared;
    private bool _isFileBorrowed; // it belongs to the body that this is a fork of
    private bool _isFork;
    private ReadOnlyMemory<byte> _bytes;
    private IBodyView? _view;
    private JsonNode? _json;
    private bool _taken;
    private bool _parsed;
    private bool _stale; // the JSON was replaced and the bytes no longer say the same
    private BodyPast? _past;

    private Body(Stream? stream, long? length)
    {
        _stream = stream;
        Length = length;
    }

    /// <summary>How deep JSON may nest.</summary>
    public const int MaxJsonDepth = 128;

    /// <summary>Length in bytes where it is known: declared by the sender, or counted once the body is buffered.</summary>
    public long? Length { get; private set; }

    /// <summary>Bytes received, whatever steps have put in their place; null where that is not known (yet).</summary>
    public long? ReceivedLength => _past is { IsReplaced: true } past ? past.ReceivedLength : Length;

    /// <summary>Whether the bytes are in memory, so that they can be sent more than once.</summary>
    public bool IsBuffered => _stream is null;

    /// <summary>Whether it can be opened more than once: it is in memory, or was too large for that and stands in a temporary file.</summary>
    public bool IsKept => IsBuffered || _file is not null || _shared is not null;

    /// <summary>Whether there is certainly nothing in it.</summary>
    public bool IsEmpty => IsBuffered && !_stale && _bytes.IsEmpty;

    /// <summary>Whether a step of the pipeline put something else in the place of what was received.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Whether its data are known: a step has read it as data, or put data in its place.</summary>
    public bool HasData => _parsed;

    /// <summary>What was learnt when it was read as data (<see cref="ContentReader"/>); null before, and when bytes took its place.</summary>
    public ContentMetadata? Content { get; internal set; }

    /// <summary>Whether a step put data in its place that <see cref="ContentWriter"/> has not yet given their form on the wire.</summary>
    internal bool IsUnsettled { get; private set; }

    /// <summary>Whether what the next replacement finds is kept for <see cref="ReadSnapshot"/>.</summary>
    internal bool KeepsSnapshot { get; set; }

    /// <summary>Who is to blame when it cannot be understood: the client, or for an answer the backend.</summary>
    internal FaultSource Sender { get; set; } = FaultSource.Client;

    /// <summary>A new body without content.</summary>
    public static Body Empty() => new(null, 0);

    /// <summary>A body that comes from a stream.</summary>
    /// <param name="stream">Read once, from where it stands; not disposed here.</param>
    /// <param name="length">The declared length, or null where the sender declared none.</param>
    public static Body FromStream(Stream stream, long? length) => new(stream ?? throw new ArgumentNullException(nameof(stream)), length);

    /// <summary>A body that comes from a stream and is never read whole to be understood: <paramref name="view"/> shows it as data and carries changes over.</summary>
    public static Body FromStream(Stream stream, long? length, IBodyView view)
    {
        var body = FromStream(stream, length);
        body._view = view ?? throw new ArgumentNullException(nameof(view));
        return body;
    }

    /// <summary>A body that is in memory already.</summary>
    public static Body FromBytes(ReadOnlyMemory<byte> bytes) => new(null, bytes.Length) { _bytes = bytes };

    /// <summary>The stream to copy from: the one from the wire, which can be opened once, or a new one over the bytes that are kept.</summary>
    /// <exception cref="InvalidOperationException">The wire's stream was taken before.</exception>
    public Stream OpenStream()
    {
        if (_stream is null) return OverBytes(CurrentBytes());
        if (_file is not null) return _file.OpenRead();
        if (_shared is not null) return _shared.OpenRead();
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

        Keep(bytes);
        return bytes;
    }

    /// <summary>
    /// Reads the whole body, once, into memory or, where it is longer than 64 KiB, into a temporary file that goes with the request.
    /// </summary>
    /// <param name="limit">Most bytes that may be kept (<c>content_limits.max_body_size</c>).</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <returns>The file; null when the bytes are in memory.</returns>
    /// <exception cref="GatewayException"><see cref="FaultKind.TooLarge"/> when there are more.</exception>
    internal async ValueTask<SpooledFile?> SpoolAsync(long limit, CancellationToken ct)
    {
        if (IsBuffered || _file is not null) return _file;
        if (Length > limit) throw TooLarge(limit);
        var (bytes, file) = await Spooler.ReadAsync(OpenStream(), limit, ct) ?? throw TooLarge(limit);
        if (file is null) Keep(bytes);
        else (_file, _isFileBorrowed, Length) = (file, false, file.Length);
        return file;
    }

    /// <summary>Makes it one that several can read at the same time, by a <see cref="Fork"/> each, from its beginning on and while it still comes.</summary>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <returns>Completes when all of it has come, and fails when that fails; so do those who read it then.</returns>
    internal Task ShareAsync(CancellationToken ct)
    {
        if (IsKept) return Task.CompletedTask;
        var source = OpenStream();
        _shared = new SharedSpool();
        return _shared.FillAsync(source, ct);
    }

    /// <summary>
    /// One with the same content for another reader at the same time. This one has to be kept or shared, and to outlive the fork. A view stays here,
    /// as it reads what others are reading.
    /// </summary>
    internal Body Fork()
    {
        if (!IsKept) throw new InvalidOperationException("a body that can be read once has no forks");
        var bytes = IsBuffered ? CurrentBytes() : default;
        return new Body(_stream, Length)
        {
            _file = _file,
            _shared = _shared,
            _isFileBorrowed = _file is not null,
            _isFork = true,
            _bytes = bytes,
            _json = _json?.DeepClone(),
            _parsed = _parsed,
            IsReplaced = IsReplaced,
            Content = Content,
            Sender = Sender,
        };
    }

    /// <summary>Lets go of what is kept outside of the memory, if there is anything.</summary>
    public void Dispose()
    {
        if (!_isFileBorrowed) _file?.Dispose();
        if (!_isFork) _shared?.Dispose();
        _past?.Dispose();
    }

    /// <summary>
    /// Reads the whole body like <see cref="SpoolAsync"/>, but what there is more than the limit, or comes before the sender breaks off, is put
    /// back in front of what is still to come.
    /// </summary>
    /// <returns>Whether the whole body is kept; if not, it streams as before.</returns>
    internal async ValueTask<bool> TryKeepAsync(long limit, CancellationToken ct)
    {
        if (IsKept) return true;
        var ahead = new ReadAhead(OpenStream());
        try
        {
            var isComplete = await ahead.FillAsync(limit, ct);
            if (!isComplete) KeepBeginning(ahead);
            else if (ahead.File is { } file) (_file, Length) = (file, file.Length);
            else Keep(ahead.Kept.ToArray());
            return isComplete;
        }
        catch
        {
            ahead.File?.Dispose();
            throw;
        }
    }

    private void KeepBeginning(ReadAhead ahead)
    {
        (_stream, _taken) = (ahead, false);
        if (ahead.File is not null) (_past ??= new BodyPast()).Own(ahead.File);
    }

    /// <summary>The data that were there before the first step that put something else in their place; null where no step has, or nobody keeps them.</summary>
    public JsonNode? ReadSnapshot() => _past?.ReadSnapshot();

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
        Remember();
        (_stream, _view, _bytes, _json, _parsed, _stale) = (null, null, bytes, null, false, false);
        Length = bytes.Length;
        IsReplaced = true;
        IsUnsettled = false;
        Content = null;
    }

    /// <summary>
    /// Puts data in the place of what was received. They are serialised when somebody needs the bytes: as JSON, or after the chain as XML,
    /// CSV or a form where the message's content type asks for it (<c>docs/content.md</c>).
    /// </summary>
    public void Replace(JsonNode? json)
    {
        Remember();
        (_stream, _bytes, _json, _parsed, _stale) = (null, default, json, true, true);
        Length = null;
        IsReplaced = true;
        IsUnsettled = true;
    }

    /// <summary>Puts a stream in the place of what was received.</summary>
    /// <param name="stream">Read once, from where it stands; not disposed here.</param>
    /// <param name="length">Its length, or null where it is not known.</param>
    public void Replace(Stream stream, long? length)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Replace(ReadOnlyMemory<byte>.Empty);
        SetAside();
        (_stream, _taken, Length) = (stream, false, length);
    }

    /// <summary>What was received goes with the message, because the stream in its place may read from it.</summary>
    private void SetAside()
    {
        var past = _past ??= new BodyPast();
        if (_file is not null && !_isFileBorrowed) past.Own(_file);
        if (_shared is not null && !_isFork) past.Own(_shared);
        (_file, _shared) = (null, null);
    }

    /// <summary>Whether data that take its place change it, rather than being sent themselves; see <see cref="IBodyView"/>.</summary>
    public bool HasView => _view is not null;

    /// <summary>What shows it as data; null where its bytes are parsed.</summary>
    internal IBodyView? View => _view;

    /// <summary>Carries data that took its place over to what was received, where a view can.</summary>
    /// <returns>False where the data are sent as they are.</returns>
    internal bool TryApplyToView()
    {
        if (_view?.Apply(_json) is not { } changed) return false;
        (_stream, _taken, _bytes, _stale) = (changed, false, default, false);
        IsUnsettled = false;
        return true;
    }

    /// <summary>The data, where the body was parsed or replaced by data.</summary>
    internal bool TryGetData(out JsonNode? data)
    {
        data = _json;
        return _parsed;
    }

    /// <summary>Keeps what the bytes say, for later steps.</summary>
    internal void SetData(JsonNode? data, ContentMetadata metadata)
    {
        (_json, _parsed) = (data, true);
        Content = metadata;
    }

    /// <summary>Ends the wait of data for their form on the wire.</summary>
    /// <param name="bytes">The form; null for JSON, which is written when somebody needs it.</param>
    internal void Settle(byte[]? bytes)
    {
        IsUnsettled = false;
        if (bytes is null) return;
        (_bytes, _stale) = (bytes, false);
        Length = bytes.Length;
    }

    /// <summary>Notes what is about to be replaced for the first time. An answer that a backend makes is not replaced but made.</summary>
    private void Remember()
    {
        var past = _past ??= new BodyPast();
        if (!past.IsReplaced && (!IsEmpty || Sender == FaultSource.Client)) (past.IsReplaced, past.ReceivedLength) = (true, Length);
        if (KeepsSnapshot) past.Keep(_json, _parsed || !IsBuffered ? default : _bytes);
    }

    private void Keep(ReadOnlyMemory<byte> bytes)
    {
        _stream = null;
        _bytes = bytes;
        Length = bytes.Length;
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
        var where = JsonText.Where(e);
        return Sender == FaultSource.Client
            ? new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the body is not JSON: {where}", e)
            : new GatewayException(Sender, FaultKind.Protocol, $"the body of the answer is not JSON: {where}", e);
    }

    private GatewayException TooLarge(long limit) => Sender == FaultSource.Client
        ? new GatewayException(FaultSource.Client, FaultKind.TooLarge, $"the body is larger than content_limits.max_body_size = {limit} bytes")
        : new GatewayException(Sender, FaultKind.Protocol, $"the body of the answer is larger than content_limits.max_body_size = {limit} bytes");
}
