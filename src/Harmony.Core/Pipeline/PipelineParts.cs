using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>The parts of a <see cref="Pipeline"/> while it is built.</summary>
internal sealed class PipelineParts
{
    public required string Name { get; init; }

    public List<NamedStep<IRequestMiddleware>> Left { get; init; } = [];

    public List<NamedStep<IResponseMiddleware>> Right { get; init; } = [];

    public List<NamedBackend> Backends { get; init; } = [];

    public List<BackendRoute> Routes { get; init; } = [];

    /// <summary>Whether every backend gets every request.</summary>
    public bool SendsToAll { get; init; }

    /// <summary>Set when it names something this program cannot do yet.</summary>
    public Refusal? Inactive { get; set; }

    /// <summary>Judges requests before anything else of the pipeline does; null where all requests may enter.</summary>
    public NamedStep<IRequestMiddleware>? Guard { get; init; }

    /// <summary>How much of a body may be read.</summary>
    public required ContentLimitsSection Limits { get; init; }

    /// <summary>The same behind a guard, once all parts are there.</summary>
    public PipelineParts Behind(string name, IRequestMiddleware guard) => new()
    {
        Name = Name, Left = Left, Right = Right, Backends = Backends, Routes = Routes, SendsToAll = SendsToAll, Inactive = Inactive, Limits = Limits,
        Guard = new NamedStep<IRequestMiddleware>(name, guard),
    };
}

/// <summary>A backend with the name its configuration gives it.</summary>
internal readonly record struct NamedBackend(string Name, IBackend Backend);

/// <summary>A middleware with the name its configuration gives it, for logs and faults.</summary>
internal readonly record struct NamedStep<T>(string Name, T Middleware);

/// <summary>Stands in the place of a backend that may not be used, beside others of the same pipeline that may.</summary>
/// <param name="name">The backend's name.</param>
/// <param name="reason">Why it may not be used.</param>
internal sealed class ClosedBackend(string name, string reason) : IBackend
{
    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        => throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, $"backend '{name}' gets no requests: {reason}");
}

/// <summary>Names for pipelines that may be public: a keyed hash of the real name, with a key that each process draws anew.</summary>
internal static class PipelinePseudonyms
{
    private const int Bytes = 4; // two gateways of one chain share a name once in four billion

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The pseudonym of a pipeline, such as <c>harmony-5f0c9a1b</c>.</summary>
    public static string Of(string pipeline)
    {
        var hash = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(pipeline));
        return "harmony-" + Convert.ToHexStringLower(hash.AsSpan(0, Bytes));
    }
}

/// <summary>A backend whose requests need something before they leave, in this pipeline: other pipelines may use the same backend without.</summary>
internal sealed class DepartingBackend(IBackend backend, IDeparture departure) : IBackend
{
    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        request.Departure = departure;
        return backend.SendAsync(request, ct);
    }
}
