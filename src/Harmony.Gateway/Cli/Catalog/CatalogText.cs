namespace Harmony.Gateway.Cli.Catalog;

/// <summary>Prints a catalogue for people: one line a module.</summary>
internal sealed class CatalogText(TextWriter writer)
{
    public void Print(Catalog catalog)
    {
        Section("Adapters: protocols that the gateway accepts", catalog.Adapters.Select(a => (a.Name, a.Summary)));
        Section("Services: what an endpoint or a backend can be", catalog.Services.Select(s => (Names(s.Name, s.Aliases), $"{s.Summary} ({Roles(s)})")));
        Section("Middleware types", catalog.Middleware.Select(m => (Names(m.Name, m.Aliases), m.Summary)));
        Section("Services not yet available", Planned(catalog, "service"));
        Section("Middleware types not yet available", Planned(catalog, "middleware"));
        writer.WriteLine("harmony modules NAME prints the options of a module.");
    }

    /// <summary><c>passthru (also noop)</c>.</summary>
    public static string Names(string name, IReadOnlyList<string> aliases) => aliases.Count == 0 ? name : $"{name} (also {string.Join(", ", aliases)})";

    private static string Roles(CatalogService service) => (service.EndpointOptions, service.BackendOptions) switch
    {
        (not null, not null) => "endpoint, backend",
        (not null, null) => "endpoint",
        _ => "backend",
    };

    private static IEnumerable<(string Name, string Summary)> Planned(Catalog catalog, string kind)
        => catalog.Planned.Where(p => p.Kind == kind).Select(p => (Names(p.Name, p.Aliases), p.Summary));

    private void Section(string title, IEnumerable<(string Name, string Summary)> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0) return;
        writer.WriteLine(title);
        var width = all.Max(l => l.Name.Length);
        foreach (var (name, summary) in all) writer.WriteLine($"  {name.PadRight(width)}  {summary}");
        writer.WriteLine();
    }
}
