using System.Text.Json.Nodes;
using System.Text.Json;
using Harmony.Core.Content.Spooling;
using Harmony.Core.Content;
using Harmony.Core.Faults;

namespace Harmony.Core.Envelope;

/// <summary>
/// The body of a message: a stream first, bytes or JSON when they are asked for. It is read from the wire at most once and
/// parsed at most once. A body that no middleware reads is copied from socket to socket and never held in memory.
/// </summary>
/// <remarks>Not safe for concurrent use: the pipeline has one step at work at a time.</remarks>
public sealed class Body : IDisposable
{
    private BodySource _source;
    private ReplacedData? _replaced; // over the source: what a step put in its place as data
    private BodyPast? _past;
    private JsonNode? _json;
    private bool _parsed;

    private Body(BodySource source) => _source = source;

    /// <summary>How deep JSON may nest.</summary>
    public const int MaxJsonDepth = 128;

    /// <summary>Length in bytes where it is known: declared by the sender, or counted once the body is kept.</summary>
    public long? Length => _replaced is null ? _source.Length : _replaced.Length;

    /// <summary>Bytes received, whatever steps have put in their place; null where that is not known (yet).</summary>
    public long? ReceivedLength => _past is { IsReplaced: true } past ? past.ReceivedLength : Length;

    /// <summary>Whether the bytes are in memory, so that they can be sent more than once.</summary>
    public bool IsBuffered => _replaced is not null || _source.IsInMemory;

    /// <summary>Whether the body can be opened more than once: it is in memory, or was too large for that and stands in a temporary file.</summary>
    public bool IsKept => _replaced is not null || _source.IsKept;

    /// <summary>Whether there is certainly nothing in the body.</summary>
    public bool IsEmpty => _replaced is null ? _source is { IsInMemory: true, Length: 0 } : _replaced.Length == 0;

    /// <summary>Whether a step of the pipeline put something else in the place of what was received.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Whether its data are known: a step has read it as data, or put data in its place.</summary>
    public bool HasData => _parsed;

    /// <summary>What was learnt when it was read as data (<see cref="ContentReader"/>); null before, and when bytes took its place.</summary>
    public ContentMetadata? Content { get; internal set; }

    /// <summary>Whether a step put data in its place that <see cref="ContentWriter"/> has not yet given their form on the wire.</summary>
    internal bool IsUnsettled => _replaced is { IsUnsettled: true };

    /// <summary>Whether what the next replacement finds is kept for <see cref="ReadSnapshot"/>.</summary>
    internal bool KeepsSnapshot { get; set; }

    /// <summary>The source of the fault if the body is not valid: the client, or the backend for a response.</summary>
    internal FaultSource Sender { get; set; } = FaultSource.Client;

    /// <summary>The limits of all bodies together.</summary>
    internal BodyBudget Budget { get; init; } = BodyBudget.Process;

    /// <summary>A new body without content.</summary>
    public static Body Empty() => new(MemorySource.Empty);

    /// <summary>A body that comes from a stream.</summary>
    /// <param name="stream">Read once, from where it stands; not disposed here.</param>
    /// <param name="length">The declared length in bytes, or null if the sender declared none.</param>
    public static Body FromStream(Stream stream, long? length) => FromStream(stream, length, BodyBudget.Process);

    /// <summary>
    /// A body that comes from a stream and is never read whole: <paramref name="view"/> shows it as data and writes changes back.
    /// </summary>
    /// <param name="stream">Read once, from where it stands; not disposed here.</param>
    /// <param name="length">The declared length in bytes, or null if the sender declared none.</param>
    /// <param name="view">Reads the stream as data.</param>
    public static Body FromStream(Stream stream, long? length, IBodyView view)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(view);
        return new Body(new ViewSource(stream, length, view));
    }

    /// <summary>A body that is in memory already.</summary>
    public static Body FromBytes(ReadOnlyMemory<byte> bytes) => new(new MemorySource(bytes));

    internal static Body FromStream(Stream stream, long? length, BodyBudget budget)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new Body(new WireSource(stream, length)) { Budget = budget };
    }

    /// <summary>The stream to copy from: the one from the wire, which can be opened once, or a new one over the bytes that are kept.</summary>
    /// <exception cref="InvalidOperationException">The wire's stream was taken before.</exception>
    public Stream OpenStream() => _replaced is null ? _source.Open() : MemorySource.StreamOver(_replaced.Bytes);

    /// <summary>The bytes of a buffered body, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The body is still a stream.</exception>
    public ReadOnlyMemory<byte> BufferedBytes
        => _replaced is not null ? _replaced.Bytes : _source.IsInMemory ? _source.Bytes : throw new InvalidOperationException("the body is not in memory");

    /// <summary>
    /// Reads the whole body, once; later calls return the same bytes. They are in memory, or, where all bodies together hold too much already, in a
    /// temporary file that is shown as memory. Valid until the message ends.
    /// </summary>
    /// <param name="limit">Most bytes that may be held (<c>content_limits.max_body_size</c>).</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <exception cref="GatewayException">
    /// <see cref="FaultKind.TooLarge"/> when there are more; <see cref="FaultKind.Unavailable"/> or <see cref="FaultKind.StorageFull"/> when there is no room.
    /// </exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(long limit, CancellationToken ct) => ReadBytesAsync(limit, limit, ct);

    /// <summary>
    /// Reads the whole body like <see cref="ReadBytesAsync(long, CancellationToken)"/>, but into a temporary file as soon as it is longer than 64 KiB.
    /// </summary>
    internal ValueTask<ReadOnlyMemory<byte>> SpoolBytesAsync(long limit, CancellationToken ct) => ReadBytesAsync(limit, Spool.UsualMemory, ct);

    /// <summary>Makes it a body that several can read at the same time, by a <see cref="Fork"/> each, from its beginning on and while it still comes.</summary>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <returns>Completes when all of it has come, and fails when that fails; so do those who read it then.</returns>
    internal Task ShareAsync(CancellationToken ct)
    {
        if (IsKept) return Task.CompletedTask;
        var (source, spool) = (OpenStream(), new SharedSpool(Budget));
        Become(new SharedSource(spool, Length));
        return spool.FillAsync(source, ct);
    }

    /// <summary>
    /// A body with the same content for another reader at the same time. This one has to be kept or shared, and to outlive the fork. A view stays here,
    /// as it reads what others are reading.
    /// </summary>
    internal Body Fork() => new(_replaced is null ? _source.Borrow() : new MemorySource(_replaced.Bytes))
    {
        _json = _json?.DeepClone(),
        _parsed = _parsed,
        IsReplaced = IsReplaced,
        Content = Content,
        Sender = Sender,
        Budget = Budget,
    };

    /// <summary>Releases what the body holds: room in memory, and temporary files.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _past?.Dispose();
    }

    /// <summary>
    /// Reads the whole body like <see cref="SpoolBytesAsync"/>, but what there is more than the limit, or comes before the sender breaks off, is put
    /// back in front of what is still to come. A second call reads nothing twice.
    /// </summary>
    /// <returns>Whether the whole body is kept; if not, it streams as before.</returns>
    internal async ValueTask<bool> TryKeepAsync(long limit, CancellationToken ct)
    {
        if (IsKept) return true;
        if (_source is not LookedAheadSource ahead) Become(ahead = new LookedAheadSource(new LookAhead(OpenStream(), Budget), Length));
        if (await ahead.TryKeepAsync(limit, ct) is not { } kept) return false;
        Become(kept);
        return true;
    }

    /// <summary>The data before the first middleware replaced them; null when none has, or when they are not kept.</summary>
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

    /// <summary>Replaces the body by other bytes.</summary>
    public void Replace(ReadOnlyMemory<byte> bytes) => Replace(new MemorySource(bytes));

    /// <summary>Replaces the body by a stream. The stream may read from the original body, which lives as long as the message.</summary>
    /// <param name="stream">Read once, from where it stands; not disposed here.</param>
    /// <param name="length">Length of the stream in bytes, or null if unknown.</param>
    public void Replace(Stream stream, long? length)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Replace(new WireSource(stream, length));
    }

    /// <summary>
    /// Puts data in the place of what was received. They are serialised when bytes are needed: as JSON, or after the chain as XML,
    /// CSV or a form where the message's content type asks for it (<c>docs/content.md</c>).
    /// </summary>
    public void Replace(JsonNode? json)
    {
        Remember();
        (_replaced, _json, _parsed) = (new ReplacedData(json), json, true);
        IsReplaced = true;
    }

    /// <summary>Whether data that take its place change it, rather than being sent themselves; see <see cref="IBodyView"/>.</summary>
    public bool HasView => View is not null;

    /// <summary>What shows it as data; null where its bytes are parsed.</summary>
    internal IBodyView? View => (_source as ViewSource)?.View;

    /// <summary>Carries data that took its place over to what was received, where a view can.</summary>
    /// <returns>False where the data are sent as they are.</returns>
    internal bool TryApplyToView()
    {
        if (_source is not ViewSource { View: var view } || view.Apply(_json) is not { } changed) return false;
        (_source, _replaced) = (new ViewSource(changed, null, view), null);
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
    /// <param name="bytes">The form; null for JSON, which is written when bytes are needed.</param>
    internal void Settle(byte[]? bytes) => _replaced?.Settle(bytes);

    private async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(long limit, long mostInMemory, CancellationToken ct)
    {
        if (_replaced is not null) return _replaced.Bytes;
        if (_source is MemorySource or FileSource) return _source.Bytes;
        if (Length > limit) throw TooLarge(limit);
        using var spool = new Spool(Budget, Math.Min(limit, mostInMemory));
        var stream = OpenStream();
        while (await spool.FillAsync(stream, Length, ct) > 0)
        {
            if (spool.Length > limit) throw TooLarge(limit);
        }

        Become(await spool.CompleteAsync(ct));
        return _source.Bytes;
    }

    /// <summary>Puts another source in the place of what was received; disposed with the message.</summary>
    internal void Replace(BodySource source)
    {
        Remember();
        Become(source);
        (_replaced, _json, _parsed, Content) = (null, null, false, null);
        IsReplaced = true;
    }

    /// <summary>Takes another source. Earlier sources last as long as the message, because a reader may still use them.</summary>
    private void Become(BodySource source)
    {
        if (!ReferenceEquals(_source, MemorySource.Empty) && _source.GetType() != typeof(WireSource)) (_past ??= new BodyPast()).Own(_source);
        _source = source;
    }

    /// <summary>Notes what is about to be replaced for the first time. An answer that a backend makes is not replaced but made.</summary>
    private void Remember()
    {
        var past = _past ??= new BodyPast();
        if (!past.IsReplaced && (!IsEmpty || Sender == FaultSource.Client)) (past.IsReplaced, past.ReceivedLength) = (true, Length);
        if (KeepsSnapshot) past.Keep(_json, _parsed || !IsBuffered ? default : BufferedBytes);
    }

    private GatewayException Malformed(JsonException e)
    {
        var where = JsonText.Where(e);
        return Sender == FaultSource.Client
            ? new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the body is not JSON: {where}", e)
            : new GatewayException(Sender, FaultKind.Protocol, $"the body of the response is not JSON: {where}", e);
    }

    private GatewayException TooLarge(long limit) => Sender == FaultSource.Client
        ? new GatewayException(FaultSource.Client, FaultKind.TooLarge, $"the body is larger than content_limits.max_body_size = {limit} bytes")
        : new GatewayException(Sender, FaultKind.Protocol, $"the body of the response is larger than content_limits.max_body_size = {limit} bytes");
}

/// <summary>The original content of a <see cref="Body"/> that a middleware replaced; few bodies have one.</summary>
internal sealed class BodyPast : IDisposable
{
    private readonly List<BodySource> _sources = [];
    private JsonNode? _data;
    private ReadOnlyMemory<byte> _text;
    private bool _hasSnapshot;

    /// <summary>Whether what was received has been replaced.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Bytes received; null when they were not counted.</summary>
    public long? ReceivedLength { get; set; }

    /// <summary>Keeps an earlier source until the message ends, because what took its place may read from it.</summary>
    public void Own(BodySource source) => _sources.Add(source);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }

    /// <summary>Keeps what is about to be replaced; only the first time.</summary>
    /// <param name="data">The data.</param>
    /// <param name="text">Text that has not been parsed; empty when there are data, or neither.</param>
    public void Keep(JsonNode? data, ReadOnlyMemory<byte> text)
    {
        if (!_hasSnapshot) (_data, _text, _hasSnapshot) = (data, text, true);
    }

    /// <summary>The data that were kept; null where there are none, or the text is no JSON.</summary>
    public JsonNode? ReadSnapshot()
    {
        if (_text.IsEmpty) return _data;
        try
        {
            return JsonText.Parse(_text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
