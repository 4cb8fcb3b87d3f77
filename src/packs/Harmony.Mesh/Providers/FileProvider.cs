using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Modules;

namespace Harmony.Mesh.Providers;

/// <summary>A file of a provider that is a folder: the ingress points of a team.</summary>
internal sealed record ProviderFile : ConfigNode
{
    /// <summary><c>[ingress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, ProvidedSection> Ingress { get; init; } = new Dictionary<string, ProvidedSection>();

    /// <summary><c>[egress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, ProvidedSection> Egress { get; init; } = new Dictionary<string, ProvidedSection>();

    /// <summary><c>[pipeline.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, ProvidedSection> Pipeline { get; init; } = new Dictionary<string, ProvidedSection>();

    /// <summary><c>[endpoint.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, ProvidedSection> Endpoint { get; init; } = new Dictionary<string, ProvidedSection>();

    /// <summary><c>[backend.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, ProvidedSection> Backend { get; init; } = new Dictionary<string, ProvidedSection>();

    /// <summary><c>[mesh.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, ProvidedSection> Mesh { get; init; } = new Dictionary<string, ProvidedSection>();

    /// <summary>Every table with its type.</summary>
    public IEnumerable<(string Type, string Name, ProvidedSection Section)> All
        => new[] { ("ingress", Ingress), ("egress", Egress), ("pipeline", Pipeline), ("endpoint", Endpoint), ("backend", Backend), ("mesh", Mesh) }
            .SelectMany(t => t.Item2.Select(s => (t.Item1, s.Key, s.Value)));
}

/// <summary>An ingress point of a team.</summary>
internal sealed record ProvidedSection : ConfigNode
{
    /// <summary>Identifier, for references by id.</summary>
    [NotEmpty]
    public string? Id { get; init; }

    /// <summary>URLs by which it is reached.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Audience that tokens for it name.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Another reference that it stands for, of this provider: <c>P.team.ingress.name.X</c>.</summary>
    [NotEmpty]
    public string? Ref { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
}

/// <summary>A provider that is a folder of TOML files, one for each team: <c>cardiology.toml</c> resolves <c>P.cardiology.ingress.name.X</c>.</summary>
internal sealed class FileProvider : IMeshProvider
{
    private readonly string _name;
    private readonly List<Provided> _all = [];

    private FileProvider(string name) => _name = name;

    public Uri? KeySetUrl => null;

    /// <summary>Reads the folder; what is wrong with its files goes to the problems.</summary>
    public static FileProvider Read(string name, ProviderSection section, BuildEnvironment environment, ConfigProblems problems)
    {
        var provider = new FileProvider(name);
        var folder = environment.PathOf(section.Path!);
        if (!Directory.Exists(folder))
        {
            problems.Error(section.LocationOf("path"), $"the folder '{section.Path}' of provider '{name}' is not there");
            return provider;
        }

        environment.Config.Sources.AddOtherFolder(folder);
        foreach (var file in Directory.EnumerateFiles(folder, "*.toml").Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal))
        {
            provider.ReadFile(file, Path.Combine(section.Path!, Path.GetFileName(file)), problems);
        }

        return provider;
    }

    public ValueTask<ProviderResource> ResolveAsync(ResourceReference reference, CancellationToken ct)
    {
        var passed = new List<Provided>();
        var found = Find(reference);
        while (found.Section.Ref is { } next)
        {
            if (passed.Contains(found))
                throw new MeshProviderException($"leads round in a circle: {string.Join(" → ", passed.Append(found).Select(p => p.Words))}");
            passed.Add(found);
            if (ResourceReference.Parse(next, out var error) is not { } further)
                throw new MeshProviderException($"leads to '{next}', which {error} ({found.Section.LocationOf("ref")})");
            if (further.Provider != _name)
                throw new MeshProviderException($"leads to '{next}' of another provider, which its files may not refer to ({found.Section.LocationOf("ref")})");
            found = Find(further);
        }

        return new(new ProviderResource(found.Type, found.Name)
        {
            Id = found.Section.Id, Urls = found.Section.Urls, Audience = found.Section.Audience,
            Origin = found.Section.Location.ToString()
        });
    }

    public ValueTask<ProviderToken> IssueAsync(string meshId, Uri destination, CancellationToken ct)
        => throw new MeshProviderException("is a folder, which makes no tokens; give the mesh provider = \"local\" and a key");

    private Provided Find(ResourceReference reference)
    {
        var teams = _all.Where(p => reference.Team is null || p.Team == reference.Team).ToList();
        if (teams.Count == 0)
        {
            var known = _all.Select(p => p.Team).Distinct(StringComparer.Ordinal);
            throw new MeshProviderException(reference.Team is null
                ? "has no files"
                : $"has no team '{reference.Team}'{NearestName.Suggestion(reference.Team, known)}; a team is a file {reference.Team}.toml");
        }

        var typed = teams.Where(p => reference.Type is null || p.Type == reference.Type).ToList();
        var found = typed.Where(p => reference.Value == (reference.IsId ? p.Section.Id : p.Name)).ToList();
        if (found.Count == 1) return found[0];
        if (found.Count > 1) throw new MeshProviderException(
            $"has '{reference.Value}' several times: {string.Join(", ", found.Select(p => $"{p.Words} in {p.Section.Location}"))}");
        var names = typed.Select(p => reference.IsId ? p.Section.Id : p.Name).OfType<string>();
        throw new MeshProviderException($"has no {reference.Type ?? "definition"} "
            + $"{(reference.IsId ? "with the id " : "")}'{reference.Value}'{NearestName.Suggestion(reference.Value, names)}");
    }

    private void ReadFile(string path, string shown, ConfigProblems problems)
    {
        byte[] bytes;
        try
        {
            bytes = BoundedFile.Read(path);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            problems.Error(new SourceLocation(shown, 0, 0), $"cannot read the file: {Readable.Reason(e)}");
            return;
        }

        var reading = new ConfigProblems();
        var table = TomlReader.Read(bytes, shown, reading, new TomlReaderOptions());
        foreach (var problem in reading) problems.Add(problem);
        if (reading.HasErrors) return;
        var content = TomlBinder.Bind<ProviderFile>(table, "the file", problems);
        var team = Path.GetFileNameWithoutExtension(path);
        foreach (var (type, name, section) in content.All)
        {
            if (type == "ingress" && section.Ref is null && section.Urls.Count == 0 && !section.IsFaulty)
            {
                problems.Error(section.Location, $"ingress '{name}' has no 'urls' and no 'ref' to an ingress with 'urls'");
            }

            _all.Add(new Provided(team, type, name, section));
        }
    }

    private sealed record Provided(string Team, string Type, string Name, ProvidedSection Section)
    {
        public string Words => $"{Team}.{Type}.name.{Name}";
    }
}
