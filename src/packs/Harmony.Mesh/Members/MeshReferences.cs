using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;
using Harmony.Mesh.Providers;

namespace Harmony.Mesh.Members;

/// <summary>The result of a mesh's reference to an ingress: the URLs of the ingress.</summary>
/// <param name="Owner">What is known by them: <c>remote ingress 'clinic-b'</c>.</param>
/// <param name="Urls">The URLs.</param>
/// <param name="Audience">The audience that tokens for it must name; null for that of the mesh.</param>
internal sealed record MemberUrls(string Owner, IReadOnlyList<UrlPrefix> Urls, string? Audience);

/// <summary>The providers of a configuration: folders of files, and those that are asked over the network.</summary>
internal sealed class MeshProviders(BuildEnvironment environment, IMeshProviderSource? remote, ConfigProblems problems)
{
    private readonly Dictionary<string, IMeshProvider?> _known = new(StringComparer.Ordinal);

    /// <summary>The provider of that name; null where nothing here can ask it.</summary>
    public IMeshProvider? Find(string name)
    {
        if (_known.TryGetValue(name, out var known)) return known;
        var section = environment.Config.Providers.FirstOrDefault(p => p.Name == name)?.Section;
        return _known[name] = section?.Path is not null ? FileProvider.Read(name, section, environment, problems) : remote?.Find(name, environment);
    }
}

/// <summary>References that no provider could resolve when the configuration was built. A provider on the network may know more a while later.</summary>
internal sealed class UnresolvedReferences
{
    private readonly List<(IMeshProvider Provider, ResourceReference Reference, string Kind, string Text)> _all = [];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>How long a provider asked to be left alone when it was last asked, or null.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Adds a provider.</summary>
    public void Add(IMeshProvider provider, ResourceReference reference, string kind, string text, TimeSpan? retryAfter)
    {
        _all.Add((provider, reference, kind, text));
        Note(retryAfter);
    }

    /// <summary>Asks for each of them again.</summary>
    /// <param name="ct">Ends it.</param>
    /// <returns>The references that can be resolved now. They have an effect in the next configuration, not in this one.</returns>
    public async ValueTask<IReadOnlyList<string>> AskAgainAsync(CancellationToken ct)
    {
        RetryAfter = null;
        var found = new List<string>();
        foreach (var (provider, reference, kind, text) in _all)
        {
            try
            {
                await MeshReferences.AskAsync(provider, reference, kind, ct);
                found.Add(text);
            }
            catch (MeshProviderException e)
            {
                Note(e.RetryAfter);
            }
        }

        return found;
    }

    private void Note(TimeSpan? retryAfter)
    {
        if (retryAfter > (RetryAfter ?? TimeSpan.Zero)) RetryAfter = retryAfter;
    }
}

/// <summary>Finds out what the references of a mesh mean: points of this configuration, remote ingresses, and what providers know.</summary>
internal sealed class MeshReferences(
    ConfigSet config, IReadOnlyList<MeshPoint> points, MeshProviders providers, UnresolvedReferences unresolved, ConfigProblems problems)
{
    /// <summary>A provider that does not answer must not keep a gateway from starting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Resolves the references of a kind; missing names have been reported.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="kind"><c>ingress</c> or <c>egress</c>.</param>
    /// <param name="resolved">Takes what each means, for people.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The URLs that belong to the mesh by them.</returns>
    public async ValueTask<List<MemberUrls>> ResolveAsync(Definition<MeshSection> mesh, string kind, List<ResolvedReference> resolved, CancellationToken ct)
    {
        var urls = new List<MemberUrls>();
        var references = kind == "ingress" ? mesh.Section.Ingress : mesh.Section.Egress;
        for (var i = 0; i < references.Count; i++)
        {
            var (text, location) = (references[i], mesh.Section.LocationOf(kind, i));
            var (meaning, member) = Local(text, kind) ?? await ProvidedAsync(text, kind, location, ct)
                ?? (new ResolvedReference(kind, text, null, "", [], null), null);
            resolved.Add(meaning);
            if (member is not null) urls.Add(member);
        }

        return urls;
    }

    private (ResolvedReference Meaning, MemberUrls? Urls)? Local(string text, string kind)
    {
        foreach (var point in points.Where(p => p.Kind == kind && p.IsMeantBy(text)))
        {
            var name = $"{kind} '{point.Name}'";
            var meaning = $"{name} of pipeline '{MeshPoint.NameIn(point.Pipeline ?? "")}'{(point.IsEnabled ? "" : ", which is not enabled")}";
            var urls = point.Section is IngressSection { Enabled: true } ingress ? new MemberUrls(name, Parse(ingress.Urls), ingress.Audience) : null;
            return (Known(kind, text, meaning, point.Section.Location.ToString(), urls, null), urls);
        }

        if (kind != "ingress" || config.RemoteIngresses.FirstOrDefault(r => MeshPoint.Means(text, r.Name, null)) is not { } remote) return null;
        var member = new MemberUrls($"remote ingress '{remote.Name}'", Parse(remote.Section.Urls ?? []), remote.Section.Audience);
        return (Known(kind, text, member.Owner, remote.Section.Location.ToString(), member, null), member);
    }

    private async ValueTask<(ResolvedReference Meaning, MemberUrls? Urls)?> ProvidedAsync(
        string text, string kind, SourceLocation location, CancellationToken ct)
    {
        if (ResourceReference.Parse(text, out _) is not { IsLocal: false } reference) return null;
        if (providers.Find(reference.Provider) is not { } provider)
        {
            problems.Warning(location, $"provider '{ShownOptions.Text(reference.Provider)}' of the reference '{ShownOptions.Text(text)}' cannot be reached: "
                + "it needs a 'path', for a folder of files, or an 'api' that this program knows");
            return null;
        }

        try
        {
            var resource = await AskAsync(provider, reference, kind, ct);
            var name = $"{resource.Type} '{resource.Name}' of provider '{reference.Provider}'";
            var urls = kind == "ingress" ? new MemberUrls(name, Parse(resource.Urls, location), resource.Audience) : null;
            return (Known(kind, text, name, resource.Origin, urls, resource.ResolvedAt), urls);
        }
        catch (MeshProviderException e)
        {
            var message = $"the reference '{ShownOptions.Text(text)}' means nothing";
            if (provider is FileProvider)
            {
                problems.Error(location, $"{message}: provider '{reference.Provider}' {e.Message}");
            }
            else
            {
                problems.Warning(location, $"{message} now: provider '{reference.Provider}' {e.Message}; a running gateway tries again by itself");
                unresolved.Add(provider, reference, kind, text, e.RetryAfter);
            }

            return null;
        }
    }

    /// <summary>Asks a provider what a reference means.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="kind">What it must be: <c>ingress</c> or <c>egress</c>.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="MeshProviderException">The reference cannot be resolved, or the provider did not respond within 10 s.</exception>
    public static async ValueTask<ProviderResource> AskAsync(IMeshProvider provider, ResourceReference reference, string kind, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            var resource = await provider.ResolveAsync(reference, patience.Token);
            return resource.Type == kind ? resource : throw new MeshProviderException($"has {resource.Type} '{resource.Name}' there, and not an {kind}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new MeshProviderException($"did not respond within {Patience.TotalSeconds} s");
        }
    }

    private static ResolvedReference Known(string kind, string text, string meaning, string origin, MemberUrls? urls, DateTimeOffset? at)
        => new(kind, text, meaning, origin, [.. (urls?.Urls ?? []).Select(u => u.Text)], at);

    /// <summary>URLs of the configuration; invalid URLs have been reported.</summary>
    private static List<UrlPrefix> Parse(IReadOnlyList<string> urls)
        => [.. urls.Select(u => UrlPrefix.TryParse(u, out var prefix, out _) ? prefix : null).OfType<UrlPrefix>()];

    private List<UrlPrefix> Parse(IReadOnlyList<string> urls, SourceLocation location)
    {
        foreach (var url in urls)
        {
            if (!UrlPrefix.TryParse(url, out _, out var reason))
                problems.Warning(location, $"the provider says '{ShownOptions.Text(url)}', which {reason}; it is left out");
        }

        return Parse(urls);
    }
}
