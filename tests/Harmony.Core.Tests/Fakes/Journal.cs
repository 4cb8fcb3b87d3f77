using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Steps that write down when they ran.</summary>
internal sealed class Journal
{
    public List<string> Lines { get; } = [];

    public override string ToString() => string.Join(' ', Lines);

    public Step Middleware(string name) => new(this, name);

    public Way Endpoint() => new(this);

    public Sink Backend(string name = "backend") => new(this, name);

    /// <summary>A middleware of both sides; what it does is settable.</summary>
    internal sealed class Step(Journal journal, string name) : IRequestMiddleware, IResponseMiddleware
    {
        public string Name => name;

        public Func<RequestEnvelope, MiddlewareResult> Left { get; init; } = _ => MiddlewareResult.Continue;

        public Action<ResponseEnvelope> Right { get; init; } = _ => { };

        public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        {
            journal.Lines.Add($"<{name}");
            return new ValueTask<MiddlewareResult>(Left(request));
        }

        public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
        {
            await Task.Yield();
            journal.Lines.Add($"{name}>");
            Right(response);
        }
    }

    /// <summary>An endpoint.</summary>
    internal sealed class Way(Journal journal) : IShapingEndpoint
    {
        public string Protocol => "http";

        public IReadOnlyList<EndpointRoute> Routes => [];

        public Func<RequestEnvelope, ResponseEnvelope?> In { get; init; } = _ => null;

        public Action<ResponseEnvelope> Out { get; init; } = _ => { };

        public ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        {
            journal.Lines.Add("<endpoint");
            return new ValueTask<ResponseEnvelope?>(In(request));
        }

        public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
        {
            journal.Lines.Add("endpoint>");
            Out(response);
            return default;
        }
    }

    /// <summary>A backend.</summary>
    internal sealed class Sink(Journal journal, string name) : IBackend
    {
        public string Name => name;

        public Func<RequestEnvelope, ResponseEnvelope> Answer { get; init; } = r => new ResponseEnvelope(r, 200);

        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        {
            journal.Lines.Add(name);
            return new ValueTask<ResponseEnvelope>(Answer(request));
        }
    }
}
