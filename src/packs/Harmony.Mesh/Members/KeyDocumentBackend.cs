using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Jose;

namespace Harmony.Mesh.Members;

/// <summary>Responds with the public keys of this gateway (RFC 7517 §5). Written once, when the configuration is loaded.</summary>
internal sealed class KeyDocumentBackend(IEnumerable<JsonWebKey> keys) : IBackend
{
    private readonly byte[] _document = JsonWebKey.Document(keys);

    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var response = new ResponseEnvelope(request, 200) { Body = Body.FromBytes(_document) };
        response.Headers.Add("content-type", "application/jwk-set+json");
        // A key that is new must not be unknown to others for long.
        response.Headers.Add("cache-control", "public, max-age=60");
        return new(response);
    }
}
