using Harmony.Core.Faults;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Envelope;

/// <summary>An answer without its protocol, on its way back through the right chain. Disposing it lets go of the backend's connection.</summary>
/// <param name="request">The request it answers.</param>
/// <param name="status">An HTTP status code; other protocols map it.</param>
public sealed class ResponseEnvelope(RequestEnvelope request, int status) : IAsyncDisposable
{
    private Dictionary<string, string>? _metadata;
    private HeaderFields? _headers;
    private Dictionary<Type, object>? _features;
    private Body? _body;
    private int _status = status;

    /// <summary>The request it answers.</summary>
    public RequestEnvelope Request { get; } = request;

    /// <summary>An HTTP status code, 100 to 599.</summary>
    public int Status
    {
        get => _status;
        set
        {
            if (_status != value) Reason = null;
            _status = value;
        }
    }

    /// <summary>
    /// The reason phrase of the backend where it is not the usual one of the status (RFC 9112 §4); else null. Another status has another reason, so
    /// setting <see cref="Status"/> to another value clears the phrase.
    /// </summary>
    public string? Reason { get; set; }

    /// <summary>The field lines, without hop-by-hop ones.</summary>
    public HeaderFields Headers
    {
        get => _headers ??= new HeaderFields();
        init => _headers = value;
    }

    /// <summary>The body.</summary>
    public Body Body
    {
        get => _body ??= Answering(Body.Empty());
        init => _body = Answering(value);
    }

    /// <summary>Whether a step has put another body in the place of the backend's, which its trailers do not speak of.</summary>
    public bool BodyIsReplaced => _body is { IsReplaced: true };

    /// <summary>The body, if there is one yet: for who only looks, and would make an empty one.</summary>
    internal Body? BodyIfSet => _body;

    /// <summary>
    /// The answer as a stream of objects, in place of the one <see cref="Body"/>; null for an ordinary answer. The endpoint gives them their form on the
    /// wire, such as by <see cref="Envelope.Body.Replace(Stream, long?)"/>; a step may put another stream in their place that reads from the first. Disposed
    /// with the answer.
    /// </summary>
    public ObjectStream? Objects { get; set; }

    /// <summary>Gives the trailer fields once the body has been read to its end; null when there can be none.</summary>
    public Func<HeaderFields?>? Trailers { get; init; }

    /// <summary>The backend's end of a connection that has switched protocols (status 101).</summary>
    public Stream? SwitchedStream { get; init; }

    /// <summary>Tells that bytes moved, so that the backend's activity timeout starts anew. Null where nothing times the body.</summary>
    public Action? OnProgress { get; init; }

    /// <summary>The refusal of the request; the adapter chooses the status.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Releases what holds the body's source open.</summary>
    public IAsyncDisposable? Source { get; init; }

    /// <summary>Key-value pairs for later steps and for the adapter (<c>dicom_status</c>).</summary>
    public IDictionary<string, string> Metadata => _metadata ??= new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// A typed property that a backend or a middleware offers to later middleware and to the adapter, such as the status of another protocol.
    /// </summary>
    public T? Feature<T>()
        where T : class
        => _features is not null && _features.TryGetValue(typeof(T), out var feature) ? (T)feature : null;

    /// <summary>Says <paramref name="feature"/> to later steps and to the adapter.</summary>
    public void SetFeature<T>(T feature)
        where T : class
        => (_features ??= [])[typeof(T)] = feature;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _body?.Dispose();
        return Objects is null ? Source?.DisposeAsync() ?? ValueTask.CompletedTask : DisposeAsync(Objects);
    }

    private async ValueTask DisposeAsync(ObjectStream objects)
    {
        try
        {
            await objects.DisposeAsync();
        }
        finally
        {
            if (Source is not null) await Source.DisposeAsync();
        }
    }

    private static Body Answering(Body body)
    {
        body.Sender = FaultSource.Backend;
        return body;
    }
}
