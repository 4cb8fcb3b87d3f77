using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Pipelines of recording steps.</summary>
internal static class Pipelines
{
    public static Core.Pipeline.Pipeline Of(Journal.Step[] left, Journal.Step[] right, IBackend[] backends, Action<PipelineParts>? more = null)
    {
        var parts = new PipelineParts { Name = "p", Limits = new ContentLimitsSection { MaxBodySize = 1000 } };
        parts.Left.AddRange(left.Select(s => new NamedStep<IRequestMiddleware>(s.Name, s)));
        parts.Right.AddRange(right.Select(s => new NamedStep<IResponseMiddleware>(s.Name, s)));
        parts.Backends.AddRange(backends.Select((b, i) => new NamedBackend($"b{i}", b)));
        more?.Invoke(parts);
        return new Core.Pipeline.Pipeline(parts);
    }
}
