using System.Collections.Frozen;
using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.ApiKey;

/// <summary>The options of an <c>api_key</c> middleware. They may stand in an <c>[authentications.NAME]</c> of method api_key that it refers to.</summary>
public sealed record ApiKeyOptions : ConfigNode
{
    /// <summary>Header that carries the key.</summary>
    [NotEmpty]
    public string HeaderName { get; init; } = "X-API-Key";

    /// <summary>Query parameter that may carry the key instead. Prefer the header, because URLs end up in logs and histories.</summary>
    [NotEmpty]
    public string? QueryParam { get; init; }

    /// <summary>An accepted key, in the form of <c>keys</c>. The name of the middleware is the name of the key.</summary>
    [Secret]
    public string? ApiKey { get; init; }

    /// <summary>File with that key.</summary>
    [NotEmpty]
    public string? CredentialsPath { get; init; }

    /// <summary>Accepted keys by name: <c>sha256:</c> and the 64 hexadecimal digits of the key's SHA-256, or the key itself.</summary>
    [Secret]
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>File with one line <c>name:key</c> per accepted key, in the form of <c>keys</c>.</summary>
    [NotEmpty]
    public string? KeysFile { get; init; }

    /// <summary>Realm in the <c>WWW-Authenticate</c> header; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Passes requests without a key on to the next middleware, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Sends the key to backends, too.</summary>
    public bool ForwardCredentials { get; init; }
}

/// <summary>
/// Admits requests with one of the keys, in a header or in the query. Only the digests of the keys are kept: a key is random, so its SHA-256 tells
/// nothing about it, and the time of a look-up nothing about the keys.
/// </summary>
/// <param name="settings">What all steps have.</param>
/// <param name="header">The field that holds a key.</param>
/// <param name="parameter">The parameter of the query that may hold it; null for none.</param>
/// <param name="keys">The keys by their digests.</param>
/// <param name="renewed">Reads the keys again, null where their file cannot be read; itself null where no file holds any.</param>
internal sealed class ApiKeyMiddleware(
    StepSettings settings, string header, string? parameter, FrozenDictionary<CredentialDigest, Identity> keys, Func<FrozenDictionary<CredentialDigest,
    Identity>?>? renewed)
    : AuthenticationStep(settings), IRenewsCredentials
{
    private const int MaxLength = 4096;

    private volatile FrozenDictionary<CredentialDigest, Identity> _keys = keys;

    public void RenewCredentials()
    {
        if (renewed is null) return;
        var now = renewed();
        if (now is not null) _keys = now;
        LogRenewal(now is not null);
    }

    protected override ValueTask<Verdict> CheckAsync(RequestEnvelope request, CancellationToken ct) => new(Check(request));

    protected override void Conceal(RequestEnvelope request)
    {
        // Also X_API_Key, which some servers read as X-API-Key.
        FieldSpelling.RemoveAlike(request.Headers, header);
        if (parameter is null || !request.QueryParams.ContainsKey(parameter)) return;
        request.Query = QueryWithout(request.Query, parameter);
        // Earlier steps may have looked at the metadata, and later ones may pass it on.
        if (request.MetadataIfSet(MetadataKeys.PathWithQuery) is null) return;
        var path = request.Metadata[MetadataKeys.Path];
        request.Metadata[MetadataKeys.PathWithQuery] = request.Query.Length == 0 ? path : $"{path}?{request.Query}";
    }

    private Verdict Check(RequestEnvelope request)
    {
        var (found, isAmbiguous) = Find(request);
        if (isAmbiguous) return Verdict.Refuse("there is more than one key");
        if (found is null) return Verdict.Missing;
        if (found.Length > MaxLength) return Verdict.Refuse("the key is too long");
        return _keys.TryGetValue(CredentialDigest.Of(found), out var identity) ? Verdict.Accept(identity) : Verdict.Refuse("the key is not known");
    }

    private (string? Found, bool IsAmbiguous) Find(RequestEnvelope request)
    {
        string? found = null;
        foreach (ref readonly var field in request.Headers.AsSpan())
        {
            if (!field.Name.Equals(header, StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null) return (null, true);
            found = field.Value;
        }

        if (parameter is null || !request.QueryParams.TryGetValue(parameter, out var values)) return (found, false);
        return found is not null || values.Count > 1 ? (null, true) : (values[0], false);
    }

    /// <summary>The query without a parameter, everything else as it was sent.</summary>
    private static string QueryWithout(string query, string parameter)
        => string.Join('&', query.Split('&').Where(pair => !QueryString.Parse(pair).ContainsKey(parameter)));
}
