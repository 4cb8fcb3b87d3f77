using System.Net.Http.Headers;
using System.Text.Json;
using System.Text;
using Harmony.Access.Authentication;
using Harmony.Core.Egress;
using Harmony.Core.Envelope;
using Harmony.Jose;

namespace Harmony.Access.Middleware.OAuth2Introspection;

/// <summary>Asks an authorization server what a token is good for (RFC 7662 §2).</summary>
internal sealed class IntrospectionEndpoint(EgressClient client, Uri url, string clientId, string clientSecret, bool sendsSecretInForm) : IDisposable
{
    /// <summary>RFC 6749 §2.3.1: both are encoded as in a form before they become user name and password.</summary>
    private readonly AuthenticationHeaderValue _basic =
        new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Encoded(clientId)}:{Encoded(clientSecret)}")));

    /// <summary>Asks the server about a token.</summary>
    /// <returns>The members of its answer, or null when the token is not active.</returns>
    /// <exception cref="EgressException">There is no answer that can be used.</exception>
    public async Task<JsonElement?> AskAsync(string token, CancellationToken ct)
    {
        var form = new List<KeyValuePair<string, string>> { new("token", token), new("token_type_hint", "access_token") };
        if (sendsSecretInForm) form.AddRange([new("client_id", clientId), new("client_secret", clientSecret)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (!sendsSecretInForm) request.Headers.Authorization = _basic;

        var response = await client.SendAsync(request, ct);
        if (response.Status != 200) throw Unusable($"it responded with {response.Status}");
        // RFC 7662 §2.2: application/json. A page of a proxy or a login form is no word of the authorization server.
        if (response.ContentType is { } type && type != "application/json" && !type.EndsWith("+json", StringComparison.Ordinal))
            throw Unusable($"the response is {type}, not application/json");
        if (!StrictJson.TryParse(response.Body, out var root) || !root.TryGetProperty("active", out var active))
            throw Unusable("the response is not a JSON object with 'active'");
        return active.ValueKind switch
        {
            JsonValueKind.True => root,
            JsonValueKind.False => null,
            _ => throw Unusable("'active' of the response is neither true nor false"),
        };
    }

    public void Dispose() => client.Dispose();

    private EgressException Unusable(string reason) => new(EgressFailure.Protocol, $"'{url.Host}' did not say whether a token is active: {reason}");

    private static string Encoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}

/// <summary>Remembers for a while what an authorization server has said of tokens. Carried from one configuration to the next.</summary>
/// <param name="capacity">The most active tokens, and the most refused ones, that are remembered.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class KnownTokens(int capacity, TimeProvider clock)
{
    /// <summary>The identities of active tokens.</summary>
    public CredentialCache<Identity> Active { get; } = new(capacity, clock);

    /// <summary>Why other tokens are refused. Kept apart from the active ones, so that invented tokens do not displace these.</summary>
    public CredentialCache<string> Inactive { get; } = new(capacity, clock);
}
