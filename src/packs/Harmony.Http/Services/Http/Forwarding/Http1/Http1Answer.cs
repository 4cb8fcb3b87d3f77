using System.Diagnostics.CodeAnalysis;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>An answer on a connection of ours.</summary>
internal sealed class Http1Answer : TargetAnswer
{
    private readonly Http1Exchange _exchange;
    private readonly ResponseHead _head;
    private readonly Http1Body _body;
    private bool _isDisposed;

    [SetsRequiredMembers]
    public Http1Answer(Http1Exchange exchange, ResponseHead head, Http1Body body)
    {
        (_exchange, _head, _body) = (exchange, head, body);
        (Status, Fields, Body) = (head.Status, head.Fields, body);
    }

    public override HeaderFields? ReadTrailers() => _body.Trailers;

    public override ValueTask DisposeAsync()
    {
        if (_isDisposed) return ValueTask.CompletedTask;
        _isDisposed = true;
        return _exchange.EndAsync(_head, _body.HasEnded);
    }
}
