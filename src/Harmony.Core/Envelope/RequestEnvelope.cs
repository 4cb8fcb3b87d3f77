using System.Diagnostics;
using System.Net;
using Harmony.Core.Modules;

namespace Harmony.Core.Envelope;

/// <summary>
/// A request without its protocol: what endpoints make of bytes, middleware reads and changes, and backends send.
/// One request has one envelope from its first step to its last.
/// </summary>
public sealed class RequestEnvelope : IDisposable
{
    private Dictionary<string, string>? _metadata;
    private IReadOnlyDictionary<string, IReadOnlyList<string>>? _queryParams;
    private IReadOnlyDictionary<string, string>? _cookies;
    private Dictionary<Type, object>? _features;
    private RequestEnvelope? _answered;
    private HeaderFields _headers = null!;
    private Body _body = null!;
    private IProtocolSwitch? _protocolSwitch;
    private string _query = "";

    /// <summary>The protocol the request came in by: <c>http</c>, <c>http3</c>, <c>dimse</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The method: <c>GET</c>, or <c>C-FIND</c>.</summary>
    public required string Method { get; set; }

    /// <summary><c>http</c> or <c>https</c> as the client sees it; trusted proxies may have said so.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>The authority the client asked for, <c>host[:port]</c>; empty where the protocol has none.</summary>
    public string Host { get; init; } = "";

    /// <summary>The whole path in canonical form, with a leading slash: what routes, filters and rules judge. Still percent-encoded.</summary>
    public required string Path { get; init; }

    /// <summary>The part of <see cref="Path"/> below the endpoint's prefix: empty, or with a leading slash. What the backend gets.</summary>
    public string PathBelowPrefix { get; set; } = "";

    /// <summary>The query as it was sent, without the question mark.</summary>
    public string Query
    {
        get => _query;
        set
        {
            _query = value;
            _queryParams = null;
        }
    }

    /// <summary>Whether the target ended in a question mark with nothing behind it, which some services tell from no query (RFC 3986 §6.2.3).</summary>
    public bool HasEmptyQuery { get; init; }

    /// <summary>The field lines as received, hop-by-hop ones included: <see cref="HeaderFields"/> of the connection are the forwarder's business.</summary>
    public required HeaderFields Headers
    {
        get => _headers;
        init => _headers = value;
    }

    /// <summary>The body.</summary>
    public required Body Body
    {
        get => _body;
        init => _body = value;
    }

    /// <summary>
    /// Reads the body as a stream of objects, where the request is an upload of several (such as STOW-RS); null where it is not. Set by the endpoint, used by
    /// <see cref="ReadObjects"/>.
    /// </summary>
    public Func<Body, ObjectStream>? ObjectReader { get; set; }

    /// <summary>Gives the trailer fields once the body has been read to its end; null when there can be none.</summary>
    public Func<HeaderFields?>? Trailers { get; init; }

    /// <summary>Address of the system that opened the connection. Null if there is no network peer.</summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>Address of the client: <see cref="RemoteAddress"/>, or the address that a trusted proxy reports. Null where there is no network
    /// peer and if the proxy does not report it: an unknown address is in no allowed range, and may be in any denied range.</summary>
    public IPAddress? ClientAddress { get; init; }

    /// <summary>Whether <see cref="RemoteAddress"/> is a proxy whose word about earlier hops is believed and passed on.</summary>
    public bool ComesFromTrustedProxy { get; init; }

    /// <summary>The field by which a trusted proxy tells of earlier hops; the other field is a client's own and is not passed on.</summary>
    public ForwardingField ForwardedBy { get; init; }

    /// <summary>Identifies the request in logs, answers and towards backends.</summary>
    public required string RequestId { get; init; }

    /// <summary>When it was made, as <see cref="Stopwatch.GetTimestamp"/> has it.</summary>
    internal long Began { get; } = Stopwatch.GetTimestamp();

    /// <summary>Name of the endpoint it entered by.</summary>
    public string EndpointName { get; init; } = "";

    /// <summary>Whether its steps are traced; nothing is measured for those that are not.</summary>
    public bool IsTraced { get; init; }

    /// <summary>Place of the backend it was given to among those of its pipeline; -1 while it has none.</summary>
    public int ChosenBackend { get; internal set; } = -1;

    /// <summary>Name of the target that the backend asked last; null while it has asked none.</summary>
    public string? AskedTarget { get; set; }

    /// <summary>Trips when the client has gone, or the time for the whole request is over.</summary>
    public CancellationToken Aborted { get; init; }

    /// <summary>Trips when the time for the whole request is over (<c>request_timeout_secs</c>), so that the client is not blamed for it.</summary>
    public CancellationToken Overdue { get; init; }

    /// <summary>The name by which this pipeline is known in the field <c>Via</c> (RFC 9110 §7.6.3); empty where the request did not come by HTTP.</summary>
    public string ViaName { get; init; } = "";

    /// <summary>The client's connection, for what belongs to it alone; null where requests have none.</summary>
    public IConnectionScope? Connection { get; init; }

    /// <summary>Set when the client asks to switch to another protocol (RFC 9110 §7.8), such as WebSocket.</summary>
    public IProtocolSwitch? ProtocolSwitch
    {
        get => _protocolSwitch;
        init => _protocolSwitch = value;
    }

    /// <summary>
    /// Whether a step will put another body in the place of the answer's, so that a content coding (gzip) would be undone for nothing, or could not be.
    /// </summary>
    public bool NeedsPlainAnswer { get; internal set; }

    /// <summary>Target that a middleware chose instead of the backend's. Null if no middleware chose one.</summary>
    public TargetDetails? Target { get; set; }

    /// <summary>The mesh credentials for its target; null if there are none. HTTP backends call this.</summary>
    public IDeparture? Departure { get; set; }

    /// <summary>The authenticated identity of the client; null before authentication and without it.</summary>
    public Identity? Identity { get; private set; }

    /// <summary>
    /// Whether the request needs no authentication, so that middleware admits it without credentials. Set by an endpoint whose configuration allows it.
    /// </summary>
    public bool NeedsNoIdentity { get; set; }

    /// <summary>The parameters of <see cref="Query"/>, decoded, in order of first appearance.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> QueryParams => _queryParams ??= QueryString.Parse(Query);

    /// <summary>The cookies the client sent; of equal names the first.</summary>
    public IReadOnlyDictionary<string, string> Cookies => _cookies ??= CookieString.Parse(Headers);

    /// <summary>
    /// The public key-value side of a request that JOLT specs, policies and log dumps see. Filled from the envelope on first use;
    /// well-known keys are in <see cref="MetadataKeys"/>.
    /// </summary>
    public IDictionary<string, string> Metadata => _metadata ??= MetadataKeys.Describe(this);

    /// <summary>
    /// The body as a stream of objects; null where the request is not an upload of several. The caller disposes the stream. As often as the body can be opened.
    /// </summary>
    public ObjectStream? ReadObjects() => ObjectReader?.Invoke(Body);

    /// <summary>What has been offered by <see cref="SetFeature"/>.</summary>
    internal IEnumerable<object> Features => _features is null ? [] : _features.Values;

    /// <summary>Reads a metadata value only if the metadata have been filled before, so that other requests do not pay for filling them.</summary>
    public string? MetadataIfSet(string key) => _metadata is not null && _metadata.TryGetValue(key, out var value) ? value : null;

    /// <summary>The pipeline that it is in.</summary>
    public string PipelineName { get; internal set; } = "";

    /// <summary>
    /// Responds in the place of the backend, or with the backend's help: the function is given a sender to the backend. A middleware sets this property if the
    /// middleware behind it, such as policies, decides before anything happens. Null for the backend alone.
    /// </summary>
    public Func<RequestSender, CancellationToken, ValueTask<ResponseEnvelope>>? AroundBackend { get; set; }

    /// <summary>
    /// Says who sent it. The claims are in <see cref="Metadata"/> from then on. When several steps authenticate one request, the last names
    /// the subject and the claims of all are kept.
    /// </summary>
    public void Identify(Identity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        Identity = Identity is null ? identity : identity.Over(Identity);
        if (_metadata is not null) MetadataKeys.Add(_metadata, Identity);
    }

    /// <summary>Lets go of what was kept of the body. The adapter's business, when the request has ended.</summary>
    public void Dispose()
    {
        _answered?.Dispose();
        Body.Dispose();
    }

    /// <summary>
    /// A request for a backend that gets it at the same time as others. Whatever it says is copied as a whole, so that nothing can be forgotten; what steps
    /// and backends change is made anew, so that a change stays in the fork.
    /// </summary>
    /// <param name="backend">Its place among those of the pipeline.</param>
    internal RequestEnvelope Fork(int backend)
    {
        var fork = (RequestEnvelope)MemberwiseClone();
        fork._headers = new HeaderFields(_headers.Count);
        foreach (ref readonly var field in _headers.AsSpan()) fork._headers.Add(field.Name, field.Value);
        fork._body = _body.Fork();
        fork._metadata = _metadata is null ? null : new Dictionary<string, string>(_metadata, StringComparer.Ordinal);
        fork._features = _features is null ? null : new Dictionary<Type, object>(_features);
        fork._protocolSwitch = null; // a connection can go on with one backend only
        fork._answered = null;
        fork.Target = Target?.Copy();
        fork.ChosenBackend = backend;
        return fork;
    }

    /// <summary>Takes over from the one whose answer is the answer of all. It ends with this one.</summary>
    internal void Adopt(RequestEnvelope fork) => (_answered, ChosenBackend, AskedTarget) = (fork, fork.ChosenBackend, fork.AskedTarget);

    /// <summary>A typed property that an adapter or a middleware offers to later middleware: an association, a stored file.</summary>
    public T? Feature<T>()
        where T : class
        => _features is not null && _features.TryGetValue(typeof(T), out var feature) ? (T)feature : null;

    /// <summary>Offers <paramref name="feature"/> to later steps.</summary>
    public void SetFeature<T>(T feature)
        where T : class
    {
        (_features ??= [])[typeof(T)] = feature;
        if (_metadata is not null && feature is IMetadataSource source) MetadataKeys.Add(_metadata, source, this);
    }
}

/// <summary>The shared state of a client's requests on a connection, such as a DICOM association: a feature of each request.</summary>
public sealed class RequestGroup
{
    private volatile bool _hasEnded;

    /// <summary>Whether no more requests of the group will come.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Says that no more requests will come.</summary>
    public void End() => _hasEnded = true;
}
