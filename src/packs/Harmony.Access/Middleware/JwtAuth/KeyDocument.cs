using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Egress;
using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>Gets a key set from its URL, or from the URL that its issuer publishes (OpenID Connect Discovery 1.0 §4).</summary>
internal sealed class KeyDocument
{
    private const string WellKnown = "/.well-known/openid-configuration";

    private readonly EgressClient _client;
    private readonly EgressPolicySection _egress;
    private readonly Uri _url;
    private readonly string? _issuer;

    private KeyDocument(EgressClient client, EgressPolicySection egress, Uri url, string? issuer)
        => (_client, _egress, _url, _issuer) = (client, egress, url, issuer);

    /// <summary>Who is asked, for the log.</summary>
    public string Host => _url.Host;

    /// <summary>Which document it is: its URL, or that of the issuer's discovery document and the issuer.</summary>
    public (string Url, string? Issuer) Source => (_url.AbsoluteUri, _issuer);

    /// <summary>A key set at a URL.</summary>
    public static KeyDocument At(Uri url, EgressClient client, EgressPolicySection egress) => new(client, egress, url, null);

    /// <summary>The key set of an issuer.</summary>
    public static KeyDocument Of(string issuer, EgressClient client, EgressPolicySection egress)
        => new(client, egress, new Uri(issuer.TrimEnd('/') + WellKnown), issuer);

    /// <summary>Gets the set.</summary>
    /// <exception cref="EgressException">It cannot be had.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchAsync(CancellationToken ct)
        => await GetAsync(_issuer is null ? _url : await DiscoverAsync(_issuer, ct), ct);

    private async Task<Uri> DiscoverAsync(string issuer, CancellationToken ct)
    {
        var document = await GetAsync(_url, ct);
        if (!StrictJson.TryParse(document, out var root)) throw Unusable("its discovery document is no JSON object");
        // §4.3: whoever answers must be the issuer that was asked for.
        if (!StrictJson.TryText(root, "issuer", out var named) || named != issuer) throw Unusable("its discovery document names another issuer");
        if (!StrictJson.TryText(root, "jwks_uri", out var text) || !Uri.TryCreate(text, UriKind.Absolute, out var url)) throw Unusable("its discovery document has no 'jwks_uri'");
        if (HttpsRule.ReasonAgainst(url, _egress) is { } reason) throw new EgressException(EgressFailure.Denied, reason);
        return url;
    }

    private async Task<ReadOnlyMemory<byte>> GetAsync(Uri url, CancellationToken ct)
    {
        var response = await _client.GetAsync(url, ct);
        return response.IsSuccess ? response.Body : throw Unusable($"it answered {response.Status}");
    }

    private EgressException Unusable(string reason) => new(EgressFailure.Protocol, $"'{Host}' gave no keys: {reason}");
}
