namespace Harmony.Gateway.Cli.Catalog;

/// <summary>Prints the modules of one name with every option they have.</summary>
internal sealed class ModuleText(TextWriter writer)
{
    public void Print(Catalog found)
    {
        foreach (var adapter in found.Adapters) writer.WriteLine($"Adapter {adapter.Name}: {adapter.Summary}");
        foreach (var service in found.Services) Print(service);
        foreach (var middleware in found.Middleware)
        {
            writer.WriteLine($"Middleware type {CatalogText.Names(middleware.Name, middleware.Aliases)}: {middleware.Summary}");
            PrintTable("middleware.NAME.options", middleware.Options);
        }

        foreach (var planned in found.Planned)
        {
            var kind = planned.Kind == "service" ? "Service" : "Middleware type";
            writer.WriteLine($"{kind} {CatalogText.Names(planned.Name, planned.Aliases)} is not yet available: {planned.Summary}");
        }
    }

    private void Print(CatalogService service)
    {
        writer.WriteLine($"Service {CatalogText.Names(service.Name, service.Aliases)}: {service.Summary}");
        if (service.EndpointOptions is { } endpoint) PrintTable("endpoints.NAME.options", endpoint);
        if (service.BackendOptions is { } backend) PrintTable("backends.NAME.options", backend);
    }

    private void PrintTable(string path, IReadOnlyList<CatalogOption> options)
    {
        writer.WriteLine();
        writer.WriteLine($"[{path}]{(options.Count == 0 ? " has no keys" : "")}");
        foreach (var option in options) Print(option);
        foreach (var table in options.Where(o => o.Options is not null))
        {
            PrintTable($"{path}.{table.Key}{(table.Type == "table of tables" ? ".NAME" : "")}", table.Options!);
        }
    }

    private void Print(CatalogOption option)
    {
        var facts = new List<string> { option.Type };
        if (option.Required) facts.Add("required");
        if (option.Default is not null) facts.Add($"default {option.Default}");
        facts.AddRange(option.Constraints);
        if (option.AllowedValues is { } allowed) facts.Add($"one of {string.Join(", ", allowed)}");
        if (option.OtherNames.Count > 0) facts.Add($"also written {string.Join(", ", option.OtherNames)}");
        if (option.Secret) facts.Add("never shown");
        writer.WriteLine($"  {option.Key}: {string.Join("; ", facts)}");
        if (option.Description.Length > 0) writer.WriteLine($"      {option.Description.Replace("`", "", StringComparison.Ordinal)}");
    }
}
