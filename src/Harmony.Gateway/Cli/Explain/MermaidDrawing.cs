using System.Text;
using Harmony.Core.Runtime;

namespace Harmony.Gateway.Cli.Explain;

/// <summary>The pipelines of a configuration as a drawing in the language of Mermaid, which code forges and wikis draw: sources, endpoint, middleware, backends, targets.</summary>
internal static class MermaidDrawing
{
    public static string Of(GatewaySnapshot snapshot)
    {
        var text = new StringBuilder("flowchart LR\n");
        foreach (var (pipeline, number) in snapshot.Pipelines.Select((p, i) => (p, i))) Draw(pipeline, $"p{number}", text);
        return text.ToString();
    }

    private static void Draw(PipelineModel pipeline, string id, StringBuilder text)
    {
        text.Append($"  subgraph {id}[{Quote(pipeline.Name)}]\n");
        foreach (var (endpoint, i) in pipeline.Endpoints.Select((e, i) => (e, i)))
        {
            text.Append($"    {id}s{i}([{Quote(string.Join(", ", pipeline.Networks))}]) --> {id}e{i}[{Quote($"{endpoint.Name} ({endpoint.Service})")}]\n");
            text.Append($"    {id}e{i} --> {id}m0\n");
        }

        var steps = pipeline.Left.Select(s => s.ToString()).DefaultIfEmpty("no middleware").ToList();
        foreach (var (step, i) in steps.Select((s, i) => (s, i)))
        {
            text.Append($"    {id}m{i}[{Quote(step)}]\n");
            if (i > 0) text.Append($"    {id}m{i - 1} --> {id}m{i}\n");
        }

        foreach (var (backend, i) in pipeline.Backends.Select((b, i) => (b, i)))
        {
            text.Append($"    {id}m{steps.Count - 1} --> {id}b{i}[{Quote($"{backend.Name} ({backend.Service})")}]\n");
            foreach (var (target, j) in backend.Targets.Select((t, j) => (t, j))) text.Append($"    {id}b{i} --> {id}b{i}t{j}[({Quote(target)})]\n");
        }

        text.Append("  end\n");
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "#quot;", StringComparison.Ordinal)}\"";
}
