using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Gateway.Cli.Explain;

/// <summary>Finds the options that the files give to what a pipeline names, as they may be shown.</summary>
internal sealed class GivenOptions(ConfigSet config, ModuleRegistry registry, string pipeline)
{
    private readonly Definition<PipelineSection>? _pipeline = config.Pipelines.FirstOrDefault(p => p.Name == pipeline);

    private string File => _pipeline?.File ?? config.MainFile;

    public JsonObject OfEndpoint(string name, string service)
    {
        // The endpoint of a short form has no table of its own; its route says it all.
        if (name == pipeline && _pipeline?.Section.Path is not null) return [];
        return Shown(config.Endpoints.Find(name, File)?.Section.Options, registry.Service(service)?.Endpoint?.OptionsType);
    }

    public JsonObject OfBackend(string name, string service)
        => Shown(config.Backends.Find(name, File)?.Section.Options, registry.Service(service)?.Backend?.OptionsType);

    public JsonObject OfMiddleware(string name, string type)
    {
        var section = config.Middleware.Find(name, File)?.Section;
        var record = registry.MiddlewareType(type)?.Factory.OptionsType;
        var shown = Shown(section?.DirectOptions, record);
        foreach (var (key, value) in Shown(section?.Options, record)) shown[key] = value?.DeepClone();
        return shown;
    }

    private static JsonObject Shown(OptionsTable? options, Type? record) => options is null || record is null ? [] : ShownOptions.Of(options.Table, record);
}
