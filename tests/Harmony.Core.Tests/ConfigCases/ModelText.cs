using System.Text;
using Harmony.Core.Runtime;

namespace Harmony.Core.Tests.ConfigCases;

/// <summary>A snapshot as a few stable lines of text.</summary>
internal static class ModelText
{
    public static string Of(GatewaySnapshot snapshot)
    {
        var text = new StringBuilder();
        foreach (var network in snapshot.Networks) Write(text, network);
        foreach (var pipeline in snapshot.Pipelines) Write(text, pipeline);
        return text.ToString();
    }

    private static void Write(StringBuilder text, NetworkModel network)
    {
        var tcp = network.Section.TcpConfig;
        text.Append("network ").Append(network.Name);
        if (tcp is not null) text.Append(' ').Append(tcp.BindAddress).Append(':').Append(tcp.BindPort);
        if (tcp is { CertPath: not null }) text.Append(" tls");
        if (!network.ServesHttp) text.Append(" without http");
        if (network.TrustedProxies.Count > 0) text.Append(" trusts ").AppendJoin(", ", network.TrustedProxies);
        text.Append('\n');
        foreach (var endpoint in network.Endpoints)
        {
            text.Append("  ").Append(endpoint.EndpointName).Append(" -> ").Append(endpoint.Pipeline.Name);
            if (endpoint.Pipeline.InactiveReason is not null) text.Append(" (503)");
            text.Append('\n');
        }
    }

    private static void Write(StringBuilder text, PipelineModel pipeline)
    {
        text.Append("pipeline ").Append(pipeline.Name).Append(" on ").AppendJoin(", ", pipeline.Networks).Append('\n');
        if (pipeline.Description != "Unnamed pipeline") text.Append("  ").Append(pipeline.Description).Append('\n');
        if (pipeline.InactiveReason is { } reason) text.Append("  inactive: ").Append(reason).Append('\n');
        foreach (var endpoint in pipeline.Endpoints)
        {
            text.Append("  endpoint ").Append(endpoint.Name).Append(" (").Append(endpoint.Service).Append(')');
            if (endpoint.Routes.Count > 0) text.Append(": ").AppendJoin(", ", endpoint.Routes);
            text.Append('\n');
        }

        if (pipeline.Left.Count > 0) text.Append("  left ").AppendJoin(", ", pipeline.Left).Append('\n');
        if (pipeline.Right.Count > 0) text.Append("  right ").AppendJoin(", ", pipeline.Right).Append('\n');
        foreach (var backend in pipeline.Backends)
        {
            text.Append("  backend ").Append(backend.Name).Append(" (").Append(backend.Service).Append(')');
            if (backend.When.Count > 0) text.Append(" when ").AppendJoin(", or ", backend.When);
            text.Append('\n');
            foreach (var target in backend.Targets) text.Append("    ").Append(target).Append('\n');
        }
    }
}
