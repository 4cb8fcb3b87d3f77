using System.Collections.Concurrent;
using Harmony.Core.Envelope;
using Harmony.Http.Services;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>Maps between the bases of a server and the public base of the gateway, made once for each host name that clients use.</summary>
/// <param name="servers">The bases by which the server calls itself; requests to the server get the first.</param>
/// <param name="configured"><c>public_base</c>, or null.</param>
internal sealed class PublicBases(string[] servers, string? configured)
{
    /// <summary>Most public bases whose maps are kept: clients choose the host names.</summary>
    private const int MostKept = 64;

    private readonly PublicAddress _address = new(configured);
    private readonly ConcurrentDictionary<string, (BaseMap ToServer, BaseMap ToClient)> _known = new(StringComparer.Ordinal);

    /// <summary>The maps for requests and for responses.</summary>
    public (BaseMap ToServer, BaseMap ToClient) Of(RequestEnvelope request)
    {
        var ours = _address.Of(request);
        if (_known.TryGetValue(ours, out var known)) return known;
        var made = (new BaseMap([ours], servers[0]), new BaseMap(servers, ours));
        if (_known.Count < MostKept) _known.TryAdd(ours, made);
        return made;
    }
}
