using Harmony.Access.Authentication;
using Harmony.Jose;

namespace Harmony.Mesh.Tokens;

/// <summary>Verifies a token of a mesh: signed by a key of the mesh, with the algorithm of the key, for this mesh, and valid now.</summary>
/// <param name="mesh">The mesh.</param>
/// <param name="replay">Remembers tokens that have been used; null where a token is good until it ends.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class MeshVerifier(MeshSettings mesh, ReplayCache? replay, TimeProvider clock)
{
    /// <summary>Longest token that is looked at, in bytes.</summary>
    public const int MaxTokenBytes = 16 * 1024;

    private readonly JwtRules _rules = new() { Issuers = mesh.Issuer is null ? [] : [mesh.Issuer], Leeway = mesh.Leeway };

    /// <summary>The mesh.</summary>
    public MeshSettings Mesh => mesh;

    /// <summary>Whether a token is valid for one request only.</summary>
    public bool IsOnce => replay is not null;

    /// <summary>Whether claims say that the token is of this mesh. They are not believed yet; they only choose.</summary>
    public bool IsNamedBy(JwtClaims claims)
        => claims.All.TryGetProperty("mesh_id", out var id) && StrictJson.TryText(id, out var text) && text == mesh.Id
            && (mesh.Issuer is null || claims.Issuer == mesh.Issuer);

    /// <summary>Verifies a token that names this mesh.</summary>
    /// <param name="jws">Its parts.</param>
    /// <param name="claims">Its claims.</param>
    /// <param name="audience">The audience that it must name; null for any.</param>
    /// <param name="ct">Trips when the client has gone.</param>
    public async ValueTask<MeshVerdict> VerifyAsync(CompactJws jws, JwtClaims claims, string? audience, CancellationToken ct)
    {
        if (JwtRules.ReasonAgainst(jws.Header) is { } unfit) return MeshVerdict.Refuse(unfit);
        if (JwsAlgorithm.Find(jws.Header.Algorithm) is not { } algorithm) return MeshVerdict.Refuse("the algorithm is not accepted");
        if (!IsNamedBy(claims)) return MeshVerdict.Refuse("the token is of another mesh");
        var (trusted, keys) = await SignerAsync(jws, algorithm, claims.Subject, ct);
        if (trusted is null || keys is null)
        {
            return mesh.Keys.Trusted.Any(t => ReferenceEquals(t.Source.Current, KeySet.Empty))
                ? MeshVerdict.Unknown("keys of the mesh have not been fetched yet")
                : MeshVerdict.Refuse("no key of the mesh has signed the token so");
        }

        if (_rules.ReasonAgainst(claims, clock.GetUtcNow()) is { } invalid) return MeshVerdict.Refuse(invalid);
        if (audience is not null && !claims.Audiences.Contains(audience)) return MeshVerdict.Refuse("the token is for another audience");
        return Use(claims) is { } used ? used : MeshVerdict.Accept(trusted, keys, claims.Expires!.Value + mesh.Leeway);
    }

    /// <summary>The keys that may have signed a token; published keys are fetched again if none has.</summary>
    private async ValueTask<(TrustedKeys? Trusted, KeySet? Keys)> SignerAsync(CompactJws jws, JwsAlgorithm algorithm, string? subject, CancellationToken ct)
    {
        var candidates = mesh.Keys.Trusted.Where(t => MaySpeakFor(t, subject)).Select(t => (Trusted: t, Keys: t.Source.Current)).ToList();
        foreach (var (trusted, keys) in candidates)
        {
            if (IsSignedBy(keys, jws, algorithm)) return (trusted, keys);
        }

        foreach (var (trusted, keys) in candidates.Where(c => c.Trusted.Source is not HeldKeys))
        {
            var newer = await trusted.Source.NewerAsync(keys, ct);
            if (ReferenceEquals(newer, keys) && jws.Header.Kid is { } kid && !keys.Knows(kid))
            {
                // The owner was asked a moment ago, and the key may be newer than that: a rotation must cost no request.
                await Task.Delay(MeshKeysReader.BetweenFetches, clock, ct);
                newer = await trusted.Source.NewerAsync(keys, ct);
            }

            if (!ReferenceEquals(newer, keys) && IsSignedBy(newer, jws, algorithm)) return (trusted, newer);
        }

        return default;
    }

    private static bool MaySpeakFor(TrustedKeys trusted, string? subject) => trusted.Subject is null || trusted.Subject == subject;

    private static bool IsSignedBy(KeySet keys, CompactJws jws, JwsAlgorithm algorithm)
    {
        foreach (var key in keys.Candidates(jws.Header, algorithm))
        {
            if (key.Verify(algorithm, jws.Signed, jws.Signature)) return true;
        }

        return false;
    }

    private MeshVerdict? Use(JwtClaims claims)
    {
        if (replay is null) return null;
        if (!StrictJson.TryText(claims.All, "jti", out var id) || string.IsNullOrEmpty(id))
            return MeshVerdict.Refuse("the token has no 'jti', which is required because each token is valid for one request only");
        return replay.Use(CredentialDigest.Of($"{claims.Issuer}\n{claims.Subject}\n{id}"), claims.Expires!.Value + mesh.Leeway) switch
        {
            ReplayOutcome.First => null,
            ReplayOutcome.Again => MeshVerdict.Refuse("the token has been used before"),
            _ => MeshVerdict.Unknown("more tokens are under way than 'replay_cache_size' can remember"),
        };
    }
}

/// <summary>The settings of a mesh in this gateway.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">What tokens call it in <c>mesh_id</c>.</param>
/// <param name="Issuer">What tokens say in <c>iss</c>; null for anything.</param>
/// <param name="Provider">Provider that manages the mesh.</param>
/// <param name="Type">The protocol between its members.</param>
/// <param name="Audience">The default audience of its tokens; null for none.</param>
/// <param name="Leeway">By how much clocks may differ.</param>
/// <param name="Keys">Its keys.</param>
internal sealed record MeshSettings(string Name, string Id, string? Issuer, string Provider, string Type, string? Audience, TimeSpan Leeway, MeshKeys Keys);

/// <summary>The result of verifying a token.</summary>
/// <param name="Signer">Whose keys have signed it; null unless it is good.</param>
/// <param name="Keys">Those keys.</param>
/// <param name="Until">Until when it is good.</param>
/// <param name="Reason">Why it is not good; holds nothing of it.</param>
/// <param name="IsUnknown">Whether the token could not be checked.</param>
internal readonly record struct MeshVerdict(TrustedKeys? Signer, KeySet? Keys, DateTimeOffset Until, string Reason, bool IsUnknown)
{
    /// <summary>The token is good.</summary>
    public static MeshVerdict Accept(TrustedKeys signer, KeySet keys, DateTimeOffset until) => new(signer, keys, until, "", false);

    /// <summary>The token is not good.</summary>
    public static MeshVerdict Refuse(string reason) => new(null, null, default, reason, false);

    /// <summary>The token could not be checked.</summary>
    public static MeshVerdict Unknown(string reason) => new(null, null, default, reason, true);
}
