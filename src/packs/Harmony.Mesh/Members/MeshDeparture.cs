using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Routing;
using Harmony.Mesh.Tokens;
using Microsoft.Extensions.Logging;

namespace Harmony.Mesh.Members;

/// <summary>A URL of a member, and the tokens by which requests enter there.</summary>
/// <param name="Url">The URL.</param>
/// <param name="Mesh">The mesh that it belongs to.</param>
/// <param name="Owner">What is known by it: <c>remote ingress 'clinic-b'</c>.</param>
/// <param name="Tokens">The tokens.</param>
internal sealed record MeshDestination(UrlPrefix Url, string Mesh, string Owner, ITokenSource Tokens)
{
    /// <summary>The URL in the form that a provider is told.</summary>
    public Uri Address { get; } = new(Url.Text);
}

/// <summary>
/// Adds a token to requests of an egress whose URL belongs to a member, and to no others. Refuses requests to other URLs if the egress is for members only.
/// </summary>
/// <param name="egress">Its name.</param>
/// <param name="forMembersOnly">Whether requests may go to members only.</param>
/// <param name="destinations">The URLs of the members.</param>
/// <param name="logger">Where it logs.</param>
internal sealed class MeshDeparture(string egress, bool forMembersOnly, IEnumerable<MeshDestination> destinations, ILogger logger) : IDeparture
{
    private readonly MeshDestination[] _destinations =
        [.. destinations.OrderByDescending(d => d.Url.Path.Length).ThenByDescending(d => d.Url.Port is not null)];

    public bool ForMembersOnly => forMembersOnly;

    /// <summary>The URLs of the members, the longest first.</summary>
    public IReadOnlyList<MeshDestination> Destinations => _destinations;

    /// <summary>The same for a health check, whose URL comes from the configuration: without a token if the URL belongs to no member.</summary>
    public MeshDeparture OfChecks => new(egress, forMembersOnly: false, _destinations, logger);

    public async ValueTask AuthorizeAsync(DepartureUrl url, HeaderFields fields, CancellationToken ct)
    {
        if (Find(url) is { } destination)
        {
            var authorization = await destination.Tokens.AuthorizationAsync(destination.Address, ct);
            FieldSpelling.RemoveAlike(fields, AuthorizationField.Name);
            fields.Set("Authorization", authorization);
            return;
        }

        if (!forMembersOnly) return;
        var host = url.Authority.ToString();
        MeshLog.NotAMember(logger, egress, host);
        var reason = $"egress '{egress}' allows requests to members only, and {host} with this path belongs to no member";
        throw new GatewayException(FaultSource.Gateway, FaultKind.Forbidden, reason);
    }

    /// <summary>The member that a URL belongs to; null for none.</summary>
    public MeshDestination? Find(DepartureUrl url)
    {
        if (IsAmbiguous(url.Path)) return null;
        foreach (var destination in _destinations)
        {
            if (destination.Url.Has(url.Scheme, url.Authority, url.Path)) return destination;
        }

        return null;
    }

    /// <summary>A path that a middleware made and that a server may read as a path above the member's: <c>/r4/../admin</c>.</summary>
    private static bool IsAmbiguous(ReadOnlySpan<char> path)
        => path.Contains("/.", StringComparison.Ordinal) || path.Contains('\\')
            || path.Contains("%2e", StringComparison.OrdinalIgnoreCase) || path.Contains("%5c", StringComparison.OrdinalIgnoreCase);
}
