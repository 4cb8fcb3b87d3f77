using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Reference;
using Harmony.Core.Modules;
using Harmony.Gateway.Cli.Catalog;

namespace Harmony.Gateway.Cli.Reference;

/// <summary>Writes docs/configuration.md: a hand-written introduction, then every table and key as the binder knows them.</summary>
internal sealed class MarkdownReference
{
    private readonly StringBuilder _text = new();
    private readonly MarkdownTables _tables;

    private MarkdownReference() => _tables = new MarkdownTables(_text);

    public static string Write(ModuleRegistry registry)
    {
        var document = new MarkdownReference();
        document._text.Append(Introduction()).AppendLine();
        document.WriteFile();
        document.WriteServices(registry);
        document.WriteMiddleware(registry);
        document.WritePlanned(registry);
        return document._text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    private static string Introduction()
    {
        using var stream = typeof(MarkdownReference).Assembly.GetManifestResourceStream("introduction.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private void WriteFile()
    {
        _text.AppendLine("## Tables").AppendLine();
        foreach (var key in ConfigReference.File.Keys)
        {
            var place = ConfigLoader.MainOnly.Contains(key.Name) ? "main file only" : "any file";
            _text.AppendLine($"- {MarkdownTables.Link(PathOf(key))} ({place})");
        }

        _text.AppendLine();
        foreach (var key in ConfigReference.File.Keys)
        {
            if (key.Shape.InnerTable is { } table) _tables.Write(PathOf(key), table, level: 3);
            else _text.AppendLine($"### `[{PathOf(key)}]`").AppendLine().AppendLine(MarkdownTables.Sentence(key.Summary)).AppendLine();
        }
    }

    private static string PathOf(KeyReference key) => key.Shape.Kind == ValueKind.Map || key.Name == "extensions" ? $"{key.Name}.NAME" : key.Name;

    private void WriteServices(ModuleRegistry registry)
    {
        _text.AppendLine("## Services").AppendLine();
        _text.AppendLine("Names for `service = \"…\"` of an endpoint or a backend, and the options of each service.").AppendLine();
        foreach (var service in registry.Services)
        {
            Heading("Service", service.Name, service.Aliases, service.Summary);
            if (service.Endpoint is { } endpoint) WriteOptions($"`{service.Name}` as an endpoint", "endpoints.NAME.options", endpoint.OptionsType);
            else _text.AppendLine("This service cannot be an endpoint.").AppendLine();
            if (service.Backend is { } backend) WriteOptions($"`{service.Name}` as a backend", "backends.NAME.options", backend.OptionsType);
            else _text.AppendLine("This service cannot be a backend.").AppendLine();
        }
    }

    private void WriteMiddleware(ModuleRegistry registry)
    {
        _text.AppendLine("## Middleware types").AppendLine();
        _text.AppendLine("Names for `type = \"…\"` of a middleware, and the options of each type. Write options in `[middleware.NAME.options]`");
        _text.AppendLine("or directly in `[middleware.NAME]`.").AppendLine();
        foreach (var type in registry.Middleware)
        {
            Heading("Middleware", type.Name, type.Aliases, type.Summary);
            WriteOptions($"Options of `{type.Name}`", "middleware.NAME.options", type.Factory.OptionsType);
        }
    }

    private void WritePlanned(ModuleRegistry registry)
    {
        var planned = registry.Planned.ToList();
        if (planned.Count == 0) return;
        _text.AppendLine("## Not yet available").AppendLine();
        _text.AppendLine("A configuration may use these names. `harmony check` warns about them, and a pipeline that uses one of them responds with 503.")
            .AppendLine();
        _text.AppendLine("| Name | Kind | What it will do |").AppendLine("|---|---|---|");
        foreach (var module in planned)
        {
            _text.AppendLine($"| {CatalogText.Names($"`{module.Name}`", module.Aliases)} | {module.Kind} | {module.Summary} |");
        }
    }

    private void Heading(string kind, string name, IReadOnlyList<string> aliases, string summary)
    {
        _text.AppendLine($"### {kind} `{name}`").AppendLine().AppendLine(summary).AppendLine();
        if (aliases.Count > 0) _text.AppendLine($"Also written {string.Join(", ", aliases.Select(a => $"`{a}`"))}.").AppendLine();
    }

    private void WriteOptions(string title, string path, Type record)
    {
        _text.AppendLine($"#### {title}").AppendLine();
        _tables.WriteKeys(path, ConfigReference.Of(record), level: 5);
    }
}
