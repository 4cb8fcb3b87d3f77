namespace Harmony.Gateway.Cli.Catalog;

/// <summary>What this binary knows. The members of this and the records below are the JSON of <c>harmony modules --json</c>: see docs/cli.md.</summary>
internal sealed record Catalog(
    string Version,
    IReadOnlyList<CatalogAdapter> Adapters,
    IReadOnlyList<CatalogService> Services,
    IReadOnlyList<CatalogMiddleware> Middleware,
    IReadOnlyList<CatalogPlanned> Planned)
{
    /// <summary>The modules of one name or alias.</summary>
    public Catalog Named(string name) => new(
        Version,
        [.. Adapters.Where(a => a.Name == name)],
        [.. Services.Where(s => s.Name == name || s.Aliases.Contains(name))],
        [.. Middleware.Where(m => m.Name == name || m.Aliases.Contains(name))],
        [.. Planned.Where(p => p.Name == name || p.Aliases.Contains(name))]);

    /// <summary>Whether it holds nothing.</summary>
    public bool IsEmpty() => Adapters.Count + Services.Count + Middleware.Count + Planned.Count == 0;

    /// <summary>Every name and alias.</summary>
    public IEnumerable<string> AllNames() => Adapters.Select(a => a.Name)
        .Concat(Services.SelectMany(s => s.Aliases.Prepend(s.Name)))
        .Concat(Middleware.SelectMany(m => m.Aliases.Prepend(m.Name)))
        .Concat(Planned.SelectMany(p => p.Aliases.Prepend(p.Name)));
}

/// <summary>A protocol that requests can come in by.</summary>
internal sealed record CatalogAdapter(string Name, string Summary);

/// <summary>A service. Null options: it cannot be an endpoint, or a backend.</summary>
internal sealed record CatalogService(
    string Name, IReadOnlyList<string> Aliases, string Summary, IReadOnlyList<CatalogOption>? EndpointOptions, IReadOnlyList<CatalogOption>? BackendOptions);

/// <summary>A middleware type.</summary>
internal sealed record CatalogMiddleware(string Name, IReadOnlyList<string> Aliases, string Summary, IReadOnlyList<CatalogOption> Options);

/// <summary>A name reserved for later; <c>kind</c> is <c>service</c> or <c>middleware</c>.</summary>
internal sealed record CatalogPlanned(string Kind, string Name, IReadOnlyList<string> Aliases, string Summary);

/// <summary>An option. The default is TOML text; a table has options of its own.</summary>
internal sealed record CatalogOption(
    string Key,
    IReadOnlyList<string> OtherNames,
    string Type,
    string? Default,
    bool Required,
    bool Secret,
    double? Min,
    double? Max,
    IReadOnlyList<string>? AllowedValues,
    IReadOnlyList<string> Constraints,
    string Description,
    IReadOnlyList<CatalogOption>? Options);
