using Harmony.Core.Faults;

namespace Harmony.Core.Envelope;

/// <summary>
/// Objects of one message, one after the other as they arrive: the answer to a retrieval, or an upload of several. No protocol is implied: DICOMweb makes
/// multipart of them, DIMSE sub-operations. Enumerated once, by one reader; an object is valid until the next one is asked for.
/// </summary>
/// <remarks>
/// A failure in the middle is a <see cref="GatewayException"/> from the enumerator, and the message must not end as if it were whole. A failure of a
/// single object that the others survive is an object with a <see cref="StreamedObject.Fault"/>. Disposal releases the current object, the enumerator and
/// the source. Cancel the wait for an object before the stream is disposed.
/// </remarks>
/// <param name="objects">The objects.</param>
/// <param name="sender">The source of the fault if the stream breaks off.</param>
/// <param name="source">Released with the stream, read or not; may be null.</param>
public sealed class ObjectStream(IAsyncEnumerable<StreamedObject> objects, FaultSource sender = FaultSource.Backend, IAsyncDisposable? source = null)
    : IAsyncEnumerable<StreamedObject>, IAsyncDisposable
{
    private readonly IAsyncEnumerable<StreamedObject> _objects = objects ?? throw new ArgumentNullException(nameof(objects));
    private readonly Lock _lock = new();
    private Reader? _reader;
    private bool _isDisposed;

    /// <summary>How many objects there will be, where the sender has said so.</summary>
    public int? Expected { get; init; }

    /// <summary>Objects read so far, failed ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Begins to read. Only once.</summary>
    /// <param name="cancellationToken">Ends the wait for the sender.</param>
    /// <exception cref="InvalidOperationException">The stream has been read before, or is disposed.</exception>
    public IAsyncEnumerator<StreamedObject> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_reader is not null || _isDisposed) throw new InvalidOperationException("a stream of objects is read once");
            return _reader = new Reader(this, _objects.GetAsyncEnumerator(cancellationToken), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Reader? reader;
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            reader = _reader;
        }

        try
        {
            if (reader is not null) await reader.DisposeAsync();
        }
        finally
        {
            if (source is not null) await source.DisposeAsync();
        }
    }

    private GatewayException BrokenOff(Exception cause)
        => new(sender, sender == FaultSource.Client ? FaultKind.Malformed : FaultKind.Protocol, $"the stream of objects broke off after {Count}", cause);

    private sealed class Reader(ObjectStream stream, IAsyncEnumerator<StreamedObject> inner, CancellationToken ct) : IAsyncEnumerator<StreamedObject>
    {
        private StreamedObject? _current;
        private bool _isDisposed;

        public StreamedObject Current => _current ?? throw new InvalidOperationException("there is no current object");

        public async ValueTask<bool> MoveNextAsync()
        {
            await ReleaseAsync();
            try
            {
                if (!await inner.MoveNextAsync()) return false;
            }
            catch (Exception e) when (e is not GatewayException && !(e is OperationCanceledException && ct.IsCancellationRequested))
            {
                throw stream.BrokenOff(e);
            }

            _current = inner.Current;
            stream.Count++;
            return true;
        }

        public async ValueTask DisposeAsync()
        {
            if (_isDisposed) return;
            _isDisposed = true;
            try
            {
                await ReleaseAsync();
            }
            finally
            {
                await inner.DisposeAsync();
            }
        }

        private async ValueTask ReleaseAsync()
        {
            if (_current is not { } passed) return;
            _current = null;
            await passed.DisposeAsync();
        }
    }
}

/// <summary>One object of an <see cref="ObjectStream"/>: content with its type, or the fault for which the object is missing.</summary>
public sealed class StreamedObject : IAsyncDisposable
{
    private readonly Stream? _content;
    private Dictionary<string, string>? _properties;
    private Dictionary<Type, object>? _features;

    /// <summary>An object with content.</summary>
    /// <param name="contentType">Its media type, with parameters: <c>application/dicom</c>.</param>
    /// <param name="content">Its bytes, read once; disposed with the object.</param>
    /// <param name="length">Number of bytes; null if unknown.</param>
    /// <exception cref="ArgumentException"><paramref name="contentType"/> is empty.</exception>
    public StreamedObject(string contentType, Stream content, long? length = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        ArgumentNullException.ThrowIfNull(content);
        (ContentType, _content, Length) = (contentType, content, length);
    }

    private StreamedObject(GatewayException fault) => (ContentType, Fault) = ("", fault);

    /// <summary>Its media type; empty where there is no content.</summary>
    public string ContentType { get; }

    /// <summary>Bytes in it; null where that is not known before they have been read.</summary>
    public long? Length { get; }

    /// <summary>Why the object could not be had, while others could; null where it has content.</summary>
    public GatewayException? Fault { get; }

    /// <summary>Properties of the object besides its content, such as identifiers, for any protocol.</summary>
    public IDictionary<string, string> Properties => _properties ??= new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>An object that the source could not provide.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="fault"/> is null.</exception>
    public static StreamedObject Missing(GatewayException fault) => new(fault ?? throw new ArgumentNullException(nameof(fault)));

    /// <summary>The bytes, read once.</summary>
    /// <exception cref="GatewayException">The object is missing: its <see cref="Fault"/>.</exception>
    public Stream OpenStream() => _content ?? throw new GatewayException(Fault!.FaultSource, Fault.Kind, Fault.Message, Fault, Fault.Retryable);

    /// <summary>A typed property of the object that the sender offers; null if there is none.</summary>
    public T? Feature<T>()
        where T : class
        => _features is not null && _features.TryGetValue(typeof(T), out var feature) ? (T)feature : null;

    /// <summary>Offers a typed property to readers.</summary>
    public void SetFeature<T>(T feature)
        where T : class
        => (_features ??= [])[typeof(T)] = feature;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _content?.DisposeAsync() ?? ValueTask.CompletedTask;
}
