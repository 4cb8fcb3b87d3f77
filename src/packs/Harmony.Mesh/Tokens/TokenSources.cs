using System.Security.Cryptography;
using System.Text.Json;
using Harmony.Core.Faults;
using Harmony.Jose;
using Harmony.Mesh.Providers;

namespace Harmony.Mesh.Tokens;

/// <summary>Provides the tokens for requests to an ingress of another member.</summary>
internal interface ITokenSource
{
    /// <summary>The value of <c>Authorization</c>, a secret: <c>Bearer …</c>.</summary>
    /// <param name="destination">Where the request goes.</param>
    /// <param name="ct">Trips when the caller no longer waits.</param>
    /// <exception cref="GatewayException">There is no token to be had.</exception>
    ValueTask<string> AuthorizationAsync(Uri destination, CancellationToken ct);
}

/// <summary>The claims of this gateway's own tokens.</summary>
/// <param name="Mesh">The mesh.</param>
/// <param name="Subject">Subject of the tokens.</param>
/// <param name="Egress">The egress that their requests leave by; null where they leave by none.</param>
/// <param name="Audience">Audience of the tokens; null for all members of the mesh.</param>
/// <param name="Lifetime">How long they are good.</param>
/// <param name="IsOnce">Whether each token is valid for one request only.</param>
internal sealed record OwnTokenSettings(MeshSettings Mesh, string Subject, string? Egress, string? Audience, TimeSpan Lifetime, bool IsOnce);

/// <summary>Tokens that this gateway makes. A token serves all requests until shortly before it expires, unless each request needs its own.</summary>
internal sealed class OwnTokens(OwnTokenSettings settings, TimeProvider clock) : ITokenSource
{
    /// <summary>A request is under way for a moment, and the clock at its end may be ahead.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    private volatile Made? _made;

    public ValueTask<string> AuthorizationAsync(Uri destination, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_made is { } made && now.UtcTicks < made.RenewTicks) return new(made.Authorization);
        var authorization = "Bearer " + Make(now);
        var reserve = TimeSpan.FromTicks(Math.Min(Reserve.Ticks, settings.Lifetime.Ticks / 3));
        if (!settings.IsOnce) _made = new Made(authorization, (now + settings.Lifetime - reserve).UtcTicks);
        return new(authorization);
    }

    /// <summary>Makes a token.</summary>
    /// <exception cref="GatewayException">The mesh has no key that signs.</exception>
    public string Make(DateTimeOffset now)
    {
        if (settings.Mesh.Keys.Signing is not { } key)
        {
            throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable,
                $"mesh '{settings.Mesh.Name}' has no key that signs tokens; give it 'jwt_secret' or 'jwt_private_key_path'");
        }

        using var claims = new MemoryStream();
        using (var writer = new Utf8JsonWriter(claims))
        {
            writer.WriteStartObject();
            writer.WriteString("iss", settings.Mesh.Issuer ?? settings.Mesh.Name);
            writer.WriteString("sub", settings.Subject);
            if (settings.Audience is not null) writer.WriteString("aud", settings.Audience);
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", (now + settings.Lifetime).ToUnixTimeSeconds());
            writer.WriteString("jti", RandomNumberGenerator.GetHexString(32, lowercase: true));
            writer.WriteString("mesh_id", settings.Mesh.Id);
            if (settings.Egress is not null) writer.WriteString("egress", settings.Egress);
            writer.WriteEndObject();
        }

        return JwtWriter.Write(claims.ToArray(), key);
    }

    private sealed record Made(string Authorization, long RenewTicks);
}

/// <summary>
/// Tokens that a provider makes, asked for by one request at a time and kept until shortly before they end. While the provider cannot be reached, the one
/// that is kept serves as long as it is good.
/// </summary>
internal sealed class ProviderTokens(IMeshProvider provider, MeshSettings mesh, TimeProvider clock) : ITokenSource
{
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private volatile ProviderToken? _kept;
    private Task<ProviderToken>? _asking;

    public async ValueTask<string> AuthorizationAsync(Uri destination, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var kept = _kept;
        if (kept is not null && now < kept.Expires - Reserve) return "Bearer " + kept.Value;
        try
        {
            // The fetch serves all waiting requests: a client that disconnects ends only its own wait.
            return "Bearer " + (await Asking(destination).WaitAsync(ct)).Value;
        }
        catch (MeshProviderException e)
        {
            if (kept is not null && now < kept.Expires - LastMoment) return "Bearer " + kept.Value;
            throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable,
                $"provider '{mesh.Provider}' of mesh '{mesh.Name}' gave no token: it {e.Message}", e, retryable: true);
        }
    }

    private Task<ProviderToken> Asking(Uri destination)
    {
        lock (_lock)
        {
            if (_asking is { IsCompleted: false }) return _asking;
            return _asking = AskAsync(destination);
        }
    }

    private async Task<ProviderToken> AskAsync(Uri destination)
    {
        await Task.Yield(); // out of the lock
        return _kept = await provider.IssueAsync(mesh.Id, destination, CancellationToken.None);
    }
}
