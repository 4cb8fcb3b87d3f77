using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Spectre.Console;

namespace Harmony.Gateway.Cli.Explain;

/// <summary>Draws an <see cref="Explanation"/>: network, pipeline, then what a request meets from its route to the backend and back.</summary>
internal static class ExplanationTree
{
    public static void Print(Explanation explanation, IAnsiConsole console)
    {
        var tree = new Tree($"[bold]{Safe(explanation.ConfigFile)}[/]: proxy '{Safe(explanation.Name ?? explanation.Id ?? "")}'");
        foreach (var network in explanation.Networks) AddNetwork(tree, network, explanation);
        foreach (var pipeline in explanation.Pipelines.Where(p => p.Networks.Count == 0)) AddPipeline(tree, pipeline);
        foreach (var mesh in explanation.Meshes) AddMesh(tree, mesh);
        if (explanation.Networks.Count == 0) tree.AddNode("no network: nothing listens");
        console.Write(tree);
    }

    private static void AddNetwork(Tree tree, ExplainedNetwork network, Explanation explanation)
    {
        var listens = network.Listeners.Count == 0 ? "nothing listens" : string.Join(", ", network.Listeners.Select(Listener));
        var node = tree.AddNode($"network [bold]'{Safe(network.Name)}'[/]: {listens}");
        if (network.TrustedProxies.Count > 0)
            node.AddNode(Safe($"believes {(network.Forwarded == "forwarded" ? "Forwarded" : "X-Forwarded-*")} of {string.Join(", ", network.TrustedProxies)}"));
        if (network.Pipelines.Count == 0) node.AddNode("no pipeline: every request gets 404");
        foreach (var name in network.Pipelines) AddPipeline(node, explanation.Pipelines.First(p => p.Name == name));
    }

    private static void AddMesh(Tree tree, ExplainedMesh mesh)
    {
        var node = tree.AddNode($"mesh [bold]'{Safe(mesh.Name)}'[/] (provider {Safe(mesh.Provider)})");
        foreach (var line in mesh.Does) node.AddNode(Safe(line));
        foreach (var reference in mesh.References)
        {
            var since = reference.ResolvedAt is { } at ? $", as of {at:u}" : "";
            var meaning = reference.Meaning is null ? "[yellow]nobody knows what it means[/]" : Safe($"{reference.Meaning} ({reference.Origin}{since})");
            var child = node.AddNode($"{reference.Kind} [blue]'{Safe(reference.Reference)}'[/]: {meaning}");
            foreach (var url in reference.Urls) child.AddNode($"[underline]{Safe(url)}[/]");
        }
    }

    private static string Listener(ExplainedListener listener)
    {
        var notes = new List<string>();
        if (listener.Tls) notes.Add($"certificate {listener.CertPath}");
        if (listener.ForceHttps) notes.Add("every request is redirected to https");
        if (listener.H2c) notes.Add("HTTP/2 only, without TLS");
        return $"[underline]{Safe(listener.Url)}[/]" + (notes.Count == 0 ? "" : Safe($" ({string.Join("; ", notes)})"));
    }

    private static void AddPipeline(IHasTreeNodes parent, ExplainedPipeline pipeline)
    {
        var node = parent.AddNode(
            $"pipeline [bold]'{Safe(pipeline.Name)}'[/]{(pipeline.Description == new PipelineSection().Description ? "" : ": " + Safe(pipeline.Description))}");
        if (pipeline.InactiveReason is { } reason) node.AddNode($"[yellow]not active, responds with 503: {Safe(reason)}[/]");
        foreach (var endpoint in pipeline.Endpoints) AddEndpoint(node, endpoint);
        AddChain(node, "left", pipeline.Left);
        foreach (var backend in pipeline.Backends) AddBackend(node, backend, pipeline.Backends.Count);
        if (pipeline.Backends.Count == 0) node.AddNode("no backend: the response is empty unless a middleware provides one");
        AddChain(node, "right", pipeline.Right);
    }

    private static void AddEndpoint(TreeNode parent, ExplainedEndpoint endpoint)
    {
        var label = $"endpoint '{Safe(endpoint.Name)}' (service {Safe(endpoint.Service)})";
        if (endpoint.Protocol is null) label += " [yellow]not yet available[/]";
        else if (endpoint.Routes.Count == 0) label += $" by {Safe(endpoint.Protocol)}";
        var labels = endpoint.Routes.Count == 0 ? [label] : endpoint.Routes.Select(r => $"route [green]{Safe(Route(r))}[/] → {label}");
        var nodes = labels.Select(l => parent.AddNode(l)).ToList();
        foreach (var line in endpoint.Serves) nodes[0].AddNode(Safe(line));
        AddOptions(nodes[0], endpoint.Options);
    }

    private static string Route(ExplainedRoute route) => $"{route.Method ?? "any"} {route.Path}{(route.Prefix ? " and below" : "")}";

    private static void AddChain(TreeNode parent, string side, IReadOnlyList<ExplainedStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var (name, type) = (Safe(steps[i].Name), Safe(steps[i].Type));
            var node = parent.AddNode($"{side} {i + 1} [blue]'{name}'[/] (type {type})");
            // Words say more than the options they come from.
            if (steps[i].Does.Count == 0) AddOptions(node, steps[i].Options);
            foreach (var line in steps[i].Does) node.AddNode(Safe(line));
        }
    }

    private static void AddBackend(TreeNode parent, ExplainedBackend backend, int count)
    {
        var node = parent.AddNode($"backend [green]'{Safe(backend.Name)}'[/] (service {Safe(backend.Service)}){Safe(When(backend, count))}");
        foreach (var target in backend.Targets)
        {
            var weight = target.Weight == 1 ? "" : $", weight {target.Weight}";
            var credentials = target.CredentialsField is null ? "" : $", with credentials in {target.CredentialsField}";
            node.AddNode($"target '{Safe(target.Name)}' [underline]{Safe(target.Url)}[/]{Safe(weight + credentials)}");
        }

        var facts = new List<string>();
        if (backend.LoadBalancing is { } balancing) facts.Add($"shared by {balancing}");
        if (backend.TimeoutSecs is { } timeout) facts.Add($"fails after {timeout} s without progress");
        if (backend.MaxRetries is { } retries) facts.Add(retries == 0 ? "never retried" : $"retried up to {retries} times if the request may be repeated");
        if (facts.Count > 0) node.AddNode(Safe(string.Join("; ", facts)));
        AddOptions(node, backend.Options);
    }

    private static string When(ExplainedBackend backend, int count)
    {
        var rules = backend.When.ToList();
        if (backend.Default && count > 1) rules.Add("no other rule matches");
        if (rules.Count > 0) return ": when " + string.Join(", or when ", rules);
        return backend.Default ? "" : ": never, no route names it";
    }

    private static void AddOptions(TreeNode node, JsonObject options)
    {
        if (options.Count > 0) node.AddNode($"[grey]{Safe(string.Join(", ", Lines("", options)))}[/]");
    }

    /// <summary>Tables by the keys that they would have in the file: <c>health_check.path = "/health"</c>.</summary>
    private static IEnumerable<string> Lines(string path, JsonObject table)
        => table.SelectMany(o => o.Value is JsonObject { Count: > 0 } inner
            ? Lines($"{path}{o.Key}.", inner) : [$"{path}{o.Key} = {JsonOutput.Line(o.Value)}"]);

    private static string Safe(string text) => Markup.Escape(text);
}
