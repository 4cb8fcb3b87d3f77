using System.Text.Json.Nodes;

namespace Harmony.Gateway.Cli.Explain;

/// <summary>What a configuration means. The members of this and the records below are the JSON of <c>harmony explain --json</c>: see docs/cli.md.</summary>
internal sealed record Explanation(
    string ConfigFile,
    string? Id,
    string? Name,
    IReadOnlyList<string> Files,
    IReadOnlyCollection<string> EnvironmentVariables,
    IReadOnlyList<ExplainedNetwork> Networks,
    IReadOnlyList<ExplainedPipeline> Pipelines,
    IReadOnlyList<ExplainedMesh> Meshes);

/// <summary>A mesh: its tokens and keys in words, and what its references mean.</summary>
internal sealed record ExplainedMesh(string Name, string Provider, IReadOnlyList<string> Does, IReadOnlyList<ExplainedReference> References);

/// <summary>What a reference of a mesh means. No meaning: unknown. No time: it stands in files.</summary>
internal sealed record ExplainedReference(
    string Kind, string Reference, string? Meaning, string Origin, IReadOnlyList<string> Urls, DateTimeOffset? ResolvedAt);

/// <summary>A network: what it listens on, and where its requests go.</summary>
internal sealed record ExplainedNetwork(
    string Name,
    IReadOnlyList<ExplainedListener> Listeners,
    IReadOnlyList<string> TrustedProxies,
    string Forwarded,
    IReadOnlyList<ExplainedRoute> Routes,
    IReadOnlyList<string> Pipelines);

/// <summary>One address a network listens on.</summary>
internal sealed record ExplainedListener(string Protocol, string Url, bool Tls, string? CertPath, bool ForceHttps, bool H2c);

/// <summary>A route of a network. No method means every one; <c>prefix</c> also claims what is below its path.</summary>
internal sealed record ExplainedRoute(string? Method, string Path, bool Prefix, string Endpoint, string Service, string Pipeline);

/// <summary>A pipeline: what a request passes, in order.</summary>
internal sealed record ExplainedPipeline(
    string Name,
    string Description,
    bool Active,
    string? InactiveReason,
    IReadOnlyList<string> Networks,
    IReadOnlyList<ExplainedEndpoint> Endpoints,
    IReadOnlyList<ExplainedStep> Left,
    IReadOnlyList<ExplainedBackend> Backends,
    IReadOnlyList<ExplainedStep> Right);

/// <summary>An endpoint. No protocol means that its service is not yet available.</summary>
internal sealed record ExplainedEndpoint(
    string Name, string Service, string? Protocol, IReadOnlyList<ExplainedRoute> Routes, IReadOnlyList<string> Serves, JsonObject Options);

/// <summary>A middleware of a chain, and what it does in words where options alone do not say it.</summary>
internal sealed record ExplainedStep(string Name, string Type, IReadOnlyList<string> Does, JsonObject Options);

/// <summary>A backend: when it is chosen and where it sends.</summary>
internal sealed record ExplainedBackend(
    string Name,
    string Service,
    bool Default,
    IReadOnlyList<string> When,
    IReadOnlyList<ExplainedTarget> Targets,
    int? TimeoutSecs,
    int? MaxRetries,
    string? LoadBalancing,
    JsonObject Options);

/// <summary>A system that a backend sends to.</summary>
internal sealed record ExplainedTarget(string Name, string Url, int Weight, string? CredentialsField);
