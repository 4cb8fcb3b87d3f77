using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harmony.Access.Authentication;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Jose;
using Harmony.Mesh.Tokens;
using Microsoft.Extensions.Logging;

namespace Harmony.Mesh.Members;

/// <summary>
/// Admits requests with a valid token of a mesh, before any other part of a pipeline runs, and removes the token from the request, so that no backend can use
/// it. A token that has been verified is remembered by its digest until it ends or the keys change.
/// </summary>
/// <param name="settings">What it guards.</param>
/// <param name="meshes">The meshes whose members may enter.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Where it logs.</param>
internal class MeshGuard(GuardSettings settings, IReadOnlyList<MeshVerifier> meshes, TimeProvider clock, ILogger logger) : IRequestMiddleware
{
    private const int RememberedTokens = 10_000;

    private static readonly Refusal NoToken = Challenge("Bearer realm=\"mesh\"", "no token of a mesh");
    private static readonly Refusal WrongToken = Challenge("Bearer realm=\"mesh\", error=\"invalid_token\"", "the token is not good");
    private static readonly Refusal NobodyKnows = new(RefusalKind.Unavailable, "tokens cannot be verified now");

    private readonly CredentialCache<Remembered> _verified = new(RememberedTokens, clock);

    /// <summary>
    /// The same by the strings that hold the tokens, which are not kept alive by it: a listener hands one string over for all requests of a connection that
    /// repeat a header, and then nothing has to be hashed.
    /// </summary>
    private readonly ConditionalWeakTable<string, Remembered> _seen = [];

    public MiddlewareSides Sides => MiddlewareSides.Left;

    public virtual IReadOnlyList<string> Words => [];

    /// <summary>Whether requests without a token are refused.</summary>
    protected bool ForMembersOnly => settings.ForMembersOnly;

    public virtual ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        switch (AuthorizationField.Find(request.Headers, "Bearer", out var token))
        {
            case AuthorizationFinding.Absent:
                return new(settings.ForMembersOnly ? Miss() : MiddlewareResult.Continue);
            case AuthorizationFinding.Ambiguous:
                return new(Refuse(request, "the header Authorization is there more than once"));
        }

        if (token.Length > MeshVerifier.MaxTokenBytes) return new(Stranger(request, "the token is too long"));
        var field = MemoryMarshal.TryGetString(token, out var text, out _, out _) ? text : null;
        if (field is not null && _seen.TryGetValue(field, out var seen) && seen.IsCurrent && clock.GetUtcNow() < seen.Until)
        {
            return new(Accept(request, seen.Identity));
        }

        var digest = CredentialDigest.Of(token.Span);
        if (_verified.Find(digest) is not { IsCurrent: true } known) return VerifyAsync(request, token, digest, ct);
        if (field is not null) _seen.AddOrUpdate(field, known);
        return new(Accept(request, known.Identity));
    }

    /// <summary>The decision about a request of a member.</summary>
    protected virtual MiddlewareResult Accept(RequestEnvelope request, Identity identity)
    {
        request.Identify(identity);
        request.Headers.Remove(AuthorizationField.Name);
        return MiddlewareResult.Continue;
    }

    private async ValueTask<MiddlewareResult> VerifyAsync(RequestEnvelope request, ReadOnlyMemory<char> token, CredentialDigest digest, CancellationToken ct)
    {
        if (!CompactJws.TryParse(token.Span, out var jws, out var reason)) return Stranger(request, reason);
        if (!JwtClaims.TryParse(jws.Payload, out var claims, out reason)) return Stranger(request, reason);
        if (meshes.FirstOrDefault(m => m.IsNamedBy(claims)) is not { } mesh) return Stranger(request, "the token is of another mesh");
        var verdict = await mesh.VerifyAsync(jws, claims, settings.Audience ?? mesh.Mesh.Audience, ct);
        if (verdict.IsUnknown)
        {
            MeshLog.Unknown(logger, settings.Name, verdict.Reason);
            return MiddlewareResult.Refuse(NobodyKnows);
        }

        if (verdict.Signer is not { } signer) return Refuse(request, verdict.Reason);
        var identity = MemberIdentity.Of(claims, mesh.Mesh, settings);
        if (!mesh.IsOnce) _verified.Keep(digest, new Remembered(identity, signer, verdict.Keys!, verdict.Until), verdict.Until);
        return Accept(request, identity);
    }

    /// <summary>A token that names no mesh of this gateway may be meant for a middleware of the pipeline, if the ingress is open to all clients.</summary>
    private MiddlewareResult Stranger(RequestEnvelope request, string reason) => settings.ForMembersOnly ? Refuse(request, reason) : MiddlewareResult.Continue;

    private MiddlewareResult Miss()
    {
        MeshLog.Missing(logger, settings.Name);
        return MiddlewareResult.Refuse(NoToken);
    }

    private MiddlewareResult Refuse(RequestEnvelope request, string reason)
    {
        MeshLog.Refused(logger, settings.Name, request.ClientAddress, reason);
        return MiddlewareResult.Refuse(WrongToken);
    }

    private static Refusal Challenge(string value, string reason)
        => new(RefusalKind.Unauthenticated, reason) { Fields = [new HeaderField("WWW-Authenticate", value)] };

    /// <summary>A token that has been verified.</summary>
    private sealed record Remembered(Identity Identity, TrustedKeys Signer, KeySet Keys, DateTimeOffset Until)
    {
        /// <summary>Whether the signer still has these keys.</summary>
        public bool IsCurrent => ReferenceEquals(Signer.Source.Current, Keys);
    }
}

/// <summary>The ingress that a guard protects.</summary>
/// <param name="Name">The ingress, or the middleware.</param>
/// <param name="Pipeline">The pipeline behind it; null where it may be any.</param>
/// <param name="Audience">The audience that tokens must name; null for that of the mesh.</param>
/// <param name="ForMembersOnly">Whether requests without a token are refused.</param>
internal sealed record GuardSettings(string Name, string? Pipeline, string? Audience, bool ForMembersOnly);

/// <summary>
/// Guards the routes of endpoints that an ingress for members only leads to. Strangers are 401 there as everywhere; members are 403, because their URL is
/// another: the scheme, host and path of an ingress are part of what it allows.
/// </summary>
internal sealed class RouteGuard(GuardSettings settings, IReadOnlyList<MeshVerifier> meshes, TimeProvider clock, ILogger logger)
    : MeshGuard(settings, meshes, clock, logger)
{
    private static readonly Refusal WrongDoor = new(RefusalKind.Forbidden, "members enter by the URLs of the ingress");

    private readonly ILogger _logger = logger;
    private readonly string _pipeline = settings.Pipeline ?? settings.Name;

    protected override MiddlewareResult Accept(RequestEnvelope request, Identity identity)
    {
        MeshLog.WrongDoor(_logger, _pipeline);
        return MiddlewareResult.Refuse(WrongDoor);
    }
}

/// <summary>Makes an identity of the claims of a member's token.</summary>
internal static class MemberIdentity
{
    /// <summary>How members are known.</summary>
    public const string Method = "mesh";

    public static Identity Of(JwtClaims claims, MeshSettings mesh, GuardSettings guard)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in claims.All.EnumerateObject())
        {
            named["mesh." + claim.Name] = StrictJson.TryText(claim.Value, out var text) ? text! : claim.Value.GetRawText();
        }

        named["mesh.name"] = mesh.Name;
        named["mesh.issuer"] = claims.Issuer ?? "";
        named["mesh.subject"] = claims.Subject ?? "";
        // The names that the public gateway has for the same.
        named["mesh_name"] = mesh.Name;
        named["mesh_provider"] = mesh.Provider;
        named["mesh_type"] = mesh.Type;
        named["mesh_auth_validated"] = "true";
        named["mesh_auth_issuer"] = claims.Issuer ?? "";
        named["mesh_auth_subject"] = claims.Subject ?? "";
        named.Remove("mesh.ingress");
        if (guard.Pipeline is not null)
        {
            named["mesh.ingress"] = named["mesh_ingress"] = guard.Name;
            named["mesh_pipeline"] = guard.Pipeline;
        }

        return new Identity(Method, claims.Subject ?? "") { Claims = named };
    }
}
