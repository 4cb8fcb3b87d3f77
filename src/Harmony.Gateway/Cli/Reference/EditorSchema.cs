using Harmony.Core.Configuration.Reference;
using Harmony.Core.Modules;

namespace Harmony.Gateway.Cli.Reference;

/// <summary>
/// Writes docs/harmony.schema.json, by which editors complete and check configuration files. Draft 7, because that is what Taplo reads, and its <c>if</c> makes
/// an editor name the option that is wrong.
/// What is an error or a warning to <c>harmony check</c> is an error here; names are not followed.
/// </summary>
internal static class EditorSchema
{
    public static string Write(ModuleRegistry registry)
    {
        var tables = new SchemaTables();
        var root = tables.Table(ConfigReference.File);
        var endpoints = registry.Services.Where(s => s.Endpoint is not null).Select(s => (Names(s.Name, s.Aliases), s.Endpoint!.OptionsType));
        var backends = registry.Services.Where(s => s.Backend is not null).Select(s => (Names(s.Name, s.Aliases), s.Backend!.OptionsType));
        var middleware = registry.Middleware.Select(m => (Names(m.Name, m.Aliases), m.Factory.OptionsType));
        tables.Specialise("EndpointSection", "service", endpoints, Planned(registry, "service"));
        tables.Specialise("BackendSection", "service", backends, Planned(registry, "service"));
        tables.Specialise("MiddlewareSection", "type", middleware, Planned(registry, "middleware"));
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root.Insert(1, "title", "Harmony configuration");
        root["definitions"] = tables.Definitions;
        return JsonOutput.Write(root) + "\n";
    }

    private static string[] Names(string name, IReadOnlyList<string> aliases) => [name, .. aliases];

    private static string[] Planned(ModuleRegistry registry, string kind)
        => [.. registry.Planned.Where(p => p.Kind == kind).SelectMany(p => Names(p.Name, p.Aliases))];
}
