using Harmony.Core.Configuration.Reference;
using Harmony.Core.Modules;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli.Catalog;

/// <summary>Makes the catalogue of a registry.</summary>
internal static class CatalogBuilder
{
    public static Catalog Build(ModuleRegistry registry) => new(
        Banner.Version,
        [.. registry.Adapters.Select(a => new CatalogAdapter(a.Protocol, XmlDocs.SummaryOf(a.GetType())))],
        [.. registry.Services.Select(Service)],
        [.. registry.Middleware.Select(m => new CatalogMiddleware(m.Name, m.Aliases, m.Summary, Options(m.Factory.OptionsType)!))],
        [.. registry.Planned.Select(p => new CatalogPlanned(p.Kind, p.Name, p.Aliases, p.Summary))]);

    private static CatalogService Service(ServiceModule module)
        => new(module.Name, module.Aliases, module.Summary, Options(module.Endpoint?.OptionsType), Options(module.Backend?.OptionsType));

    private static List<CatalogOption>? Options(Type? record) => record is null ? null : Options(ConfigReference.Of(record));

    private static List<CatalogOption> Options(TableReference table) => [.. table.Keys.Select(Option)];

    private static CatalogOption Option(KeyReference key) => new(
        key.Name,
        key.OtherNames,
        key.Shape.Words,
        key.Default,
        key.IsRequired,
        key.IsSecret,
        key.Min,
        key.Max,
        key.AllowedValues,
        [.. key.Constraints],
        key.Summary,
        key.Shape.InnerTable is { } table ? Options(table) : null);
}
