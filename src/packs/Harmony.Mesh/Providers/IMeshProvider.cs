using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Mesh.Providers;

/// <summary>Knows what references mean (<c>provider.team.type.name.X</c>), and for some providers makes the tokens of their meshes.</summary>
public interface IMeshProvider
{
    /// <summary>
    /// Where the keys are published that verify the tokens of its meshes; null where it makes none, and the mesh's own table says which keys do.
    /// </summary>
    Uri? KeySetUrl { get; }

    /// <summary>
    /// What a reference means. Asked while a configuration is built, so it must end within seconds: a provider that cannot be reached answers
    /// from what it remembers.
    /// </summary>
    /// <exception cref="MeshProviderException">The reference cannot be resolved, or cannot be resolved now.</exception>
    ValueTask<ProviderResource> ResolveAsync(ResourceReference reference, CancellationToken ct);

    /// <summary>Makes a token for a destination. The caller keeps the token until shortly before it expires.</summary>
    /// <param name="meshId">The mesh: its <c>id</c>, or its name where it has none.</param>
    /// <param name="destination">Where the request goes, without query.</param>
    /// <param name="ct">Trips when the caller no longer waits.</param>
    /// <exception cref="MeshProviderException">There is none to be had.</exception>
    ValueTask<ProviderToken> IssueAsync(string meshId, Uri destination, CancellationToken ct);
}

/// <summary>Finds the provider behind a <c>[provider.NAME]</c> that is asked over the network.</summary>
public interface IMeshProviderSource
{
    /// <summary>The provider of that name; null where this source serves none of that name.</summary>
    /// <param name="name">Its name: <c>runbeam</c>.</param>
    /// <param name="environment">What a configuration is being built with; its <c>Carried</c> keeps what outlives a reload.</param>
    IMeshProvider? Find(string name, BuildEnvironment environment);
}

/// <summary>The result of a reference.</summary>
/// <param name="Type">Its type: <c>ingress</c>, <c>egress</c>, <c>pipeline</c>, <c>endpoint</c>, <c>backend</c> or <c>mesh</c>.</param>
/// <param name="Name">Its name at the provider.</param>
public sealed record ProviderResource(string Type, string Name)
{
    /// <summary>Its id at the provider, or null.</summary>
    public string? Id { get; init; }

    /// <summary>For an ingress: the URLs by which it is reached.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>For an ingress: the audience that tokens for it must name; null for that of the mesh.</summary>
    public string? Audience { get; init; }

    /// <summary>Where it was found, for people: a file with line, or the host of an API.</summary>
    public string Origin { get; init; } = "";

    /// <summary>When it was found; null where it is read anew each time.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }
}

/// <summary>A token that a provider has made. The value is a secret.</summary>
/// <param name="Value">The token.</param>
/// <param name="Expires">When it ends.</param>
public sealed record ProviderToken(string Value, DateTimeOffset Expires)
{
    /// <summary>Never the value.</summary>
    public override string ToString() => $"a token until {Expires:u}";
}

/// <summary>A provider that has no answer. The message says why and holds no secret.</summary>
/// <param name="message">Why, as the end of a sentence: <c>has no ingress 'fhir'; did you mean 'fhir-in'?</c>.</param>
/// <param name="inner">What failed, or null.</param>
public sealed class MeshProviderException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long the provider asks to be left alone, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
