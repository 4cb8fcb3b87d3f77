using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Mesh.Tokens;

namespace Harmony.Mesh.Members;

/// <summary>A mesh that is in use.</summary>
/// <param name="Section">Its table.</param>
/// <param name="Settings">What it is.</param>
/// <param name="Verifier">Verifies its tokens.</param>
/// <param name="Destinations">The URLs of its members, without tokens, which depend on the egress.</param>
internal sealed record ActiveMesh(MeshSection Section, MeshSettings Settings, MeshVerifier Verifier, IReadOnlyList<MemberUrls> Destinations)
{
    /// <summary>Whether some key of it verifies tokens.</summary>
    public bool CanVerify => Settings.Keys.Trusted.Count > 0;
}

/// <summary>The meshes of a configuration.</summary>
internal sealed class MeshSet(
    IReadOnlyList<ActiveMesh> all, IReadOnlyDictionary<string, MeshPart> parts, IReadOnlyList<MeshModel> models, IReadOnlyList<MeshDocument> documents,
    MeshProviders providers, UnresolvedReferences unresolved, MeshPartBuilder builder)
    : IMeshes, IRenewsCredentials
{
    /// <summary>The meshes that are enabled.</summary>
    public IReadOnlyList<ActiveMesh> All => all;

    /// <summary>The providers that resolve references.</summary>
    public MeshProviders Providers => providers;

    /// <summary>References that could not be resolved.</summary>
    public UnresolvedReferences Unresolved => unresolved;

    /// <summary>The URLs of a mesh's members, the longest path first, as for requests that leave by no egress.</summary>
    public IReadOnlyList<MeshDestination> DestinationsOf(ActiveMesh mesh) => [.. builder.Destinations(mesh, null).OrderByDescending(d => d.Url.Path.Length)];

    /// <summary>Tokens of this gateway for any member of a mesh.</summary>
    public ITokenSource TokensOf(ActiveMesh mesh) => builder.TokensFor(mesh, null, mesh.Settings.Audience);

    public IReadOnlyList<MeshModel> Models => models;

    public IReadOnlyList<MeshDocument> Documents => documents;

    public MeshPart? PartOf(Definition<PipelineSection> pipeline) => parts.GetValueOrDefault(pipeline.Name);

    public IDeparture? DepartureOfChecks(string backend)
        => parts.Values.Select(p => p.Departures.GetValueOrDefault(backend)).OfType<MeshDeparture>().FirstOrDefault()?.OfChecks;

    public void Activate()
    {
        foreach (var trusted in all.SelectMany(m => m.Settings.Keys.Trusted)) trusted.Source.Activate();
    }

    public void RenewCredentials()
    {
        foreach (var trusted in all.SelectMany(m => m.Settings.Keys.Trusted)) trusted.Source.Renew();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var mesh in all) await mesh.Settings.Keys.DisposeAsync();
    }
}
