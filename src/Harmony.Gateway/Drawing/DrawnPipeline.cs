using Harmony.Core.Modules;
using Harmony.Core.Runtime;

namespace Harmony.Gateway.Drawing;

/// <summary>A box of a drawing.</summary>
/// <param name="Title">What stands in it first: a name.</param>
/// <param name="Detail">What stands below: a type, an address.</param>
/// <param name="From">The box of the column before that leads to it; null where all do.</param>
/// <param name="State"><c>up</c>, <c>down</c>, <c>drained</c> or <c>unknown</c> for a target of a gateway that runs; else null.</param>
internal sealed record DrawnBox(string Title, string Detail, int? From = null, string? State = null);

/// <summary>A column of a drawing, with what its boxes are.</summary>
internal sealed record DrawnColumn(string Heading, IReadOnlyList<DrawnBox> Boxes);

/// <summary>
/// A pipeline as columns of boxes that lead to each other, from sources to targets. The one description that every picture is made from: the status page,
/// <c>harmony explain --svg</c> and <c>--mermaid</c>.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Closed">Why it responds 503; null where it serves.</param>
/// <param name="Columns">Its columns, from left to right.</param>
internal sealed record DrawnPipeline(string Name, string? Closed, IReadOnlyList<DrawnColumn> Columns)
{
    /// <summary>The whole way in words, for those who cannot see the picture.</summary>
    public string Words => $"{Name}: {string.Join(", then ", Columns.Select(InWords))}";

    /// <summary>Describes a pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stateOf">How a target is doing; null for a configuration that does not run.</param>
    public static DrawnPipeline Of(PipelineModel pipeline, Func<ITarget, string>? stateOf = null)
    {
        var columns = new List<DrawnColumn>
        {
            new("Sources", [.. pipeline.Networks.Select(n => new DrawnBox(n, "network"))]),
            new("Endpoint", [.. pipeline.Endpoints.Select(e => new DrawnBox(e.Name, e.Routes.Count > 0 ? Route(e.Routes[0]) : e.Service))]),
        };
        columns.AddRange(pipeline.Left.Select(s => new DrawnColumn("Middleware", [new DrawnBox(s.Name, s.Type)])));
        columns.Add(pipeline.Backends.Count == 0
            ? new DrawnColumn("Backend", [new DrawnBox("no backend", "an empty response")])
            : new DrawnColumn("Backend", [.. pipeline.Backends.Select(b => new DrawnBox(b.Name, b.Service))]));
        var targets = pipeline.Backends.SelectMany((b, i) => TargetsOf(b, i, stateOf)).ToList();
        if (targets.Count > 0) columns.Add(new DrawnColumn("Targets", targets));
        return new DrawnPipeline(pipeline.Name, pipeline.InactiveReason, columns);
    }

    /// <summary>A route of every method needs no word about methods.</summary>
    private static string Route(string route) => route.StartsWith("* ", StringComparison.Ordinal) ? route[2..] : route;

    private static string InWords(DrawnColumn column)
        => $"{column.Heading.ToLowerInvariant()} {string.Join(" or ", column.Boxes.Select(b => b.State is null ? b.Title : $"{b.Title} ({b.State})"))}";

    private static IEnumerable<DrawnBox> TargetsOf(BackendModel backend, int place, Func<ITarget, string>? stateOf)
        => backend.LiveTargets.Count > 0
            ? backend.LiveTargets.Select(t => new DrawnBox(t.Name, Address(t.Url), place, stateOf?.Invoke(t)))
            : backend.Targets.Select(t => new DrawnBox(t, "", place));

    /// <summary>What a box has room for: without scheme and the slash at the end.</summary>
    private static string Address(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? url : url[(scheme + 3)..]).TrimEnd('/');
    }
}
