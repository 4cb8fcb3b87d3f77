using System.Text;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>
/// Tells each <see cref="TargetRequest"/> of one pool when a connection is made for it and when it goes out. The pool calls back at both
/// moments, if for other purposes.
/// </summary>
internal sealed class RepetitionGuard
{
    /// <summary>A field that every request has once, as the runtime spells it.</summary>
    private const string Marker = "X-Request-ID";

    private volatile bool _speaksHttp2;

    public static void AddTo(SocketsHttpHandler handler)
    {
        var guard = new RepetitionGuard();
        handler.PlaintextStreamFilter = guard.OnConnected;
        handler.RequestHeaderEncodingSelector = guard.OnField;
    }

    private ValueTask<Stream> OnConnected(SocketsHttpPlaintextStreamFilterContext context, CancellationToken ct)
    {
        _speaksHttp2 = context.NegotiatedHttpVersion.Major > 1;
        (context.InitialRequestMessage as TargetRequest)?.OpenedConnection();
        return new ValueTask<Stream>(context.NegotiatedHttpVersion.Major == 1 ? new TargetConnection(context.PlaintextStream) : context.PlaintextStream);
    }

    /// <summary>
    /// Field values are octets to a gateway; without an encoding, which is faster, only ASCII goes out. HTTP/2 targets say which requests
    /// they have not touched, and only those are repeated.
    /// </summary>
    private Encoding? OnField(string name, HttpRequestMessage request)
    {
        if (request is not TargetRequest sent) return Encoding.Latin1;
        if (!_speaksHttp2 && name.Equals(Marker, StringComparison.OrdinalIgnoreCase)) sent.GoesOut();
        return sent.HasObsText ? Encoding.Latin1 : null;
    }
}
