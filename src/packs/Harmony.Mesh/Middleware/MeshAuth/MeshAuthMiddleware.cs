using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;
using Harmony.Mesh.Members;
using Harmony.Mesh.Tokens;
using Microsoft.Extensions.Logging;

namespace Harmony.Mesh.Middleware.MeshAuth;

/// <summary>The options of a <c>mesh_auth</c> middleware. What is absent is the mesh's own.</summary>
public sealed record MeshAuthOptions : ConfigNode
{
    /// <summary>Whether the middleware verifies tokens (<c>ingress</c>) or adds tokens to requests for members (<c>egress</c>).</summary>
    [AllowedValues("ingress", "egress")]
    public string Direction { get; init; } = "ingress";

    /// <summary>Name of the mesh; needed unless there is exactly one mesh.</summary>
    [NotEmpty]
    public string? MeshName { get; init; }

    /// <summary>Value of the claim <c>mesh_id</c> in tokens.</summary>
    [NotEmpty]
    public string? MeshId { get; init; }

    /// <summary>Who manages the mesh.</summary>
    [AllowedValues("local", "runbeam")]
    public string? Provider { get; init; }

    /// <summary>Shared secret (HS256).</summary>
    [Secret]
    public string? JwtSecret { get; init; }

    /// <summary>PEM file: for <c>ingress</c> the public key that verifies tokens, for <c>egress</c> the private key that signs them.</summary>
    [NotEmpty]
    public string? JwtKeyPath { get; init; }

    /// <summary>URL of the key set that verifies tokens.</summary>
    [NotEmpty]
    public string? JwksUrl { get; init; }

    /// <summary>For <c>egress</c>: a URL that counts as a member, in addition to the members of the mesh.</summary>
    [NotEmpty]
    public string? DestinationUrl { get; init; }

    /// <summary>For <c>ingress</c>: the audience that tokens must have. For <c>egress</c>: the audience that tokens get.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>
    /// For <c>ingress</c>: refuses requests without a token. For <c>egress</c>: refuses requests to systems that are not members. When absent, true for
    /// <c>ingress</c> and false for <c>egress</c>.
    /// </summary>
    public bool? Required { get; init; }
}

/// <summary>Builds the middleware of either direction.</summary>
/// <param name="options">The options.</param>
/// <param name="context">What it is built from.</param>
/// <param name="meshes">The meshes of the configuration.</param>
internal sealed class MeshAuthBuilder(MeshAuthOptions options, MiddlewareContext context, MeshSet meshes)
{
    private MeshSettings? _owned;

    private bool HasKeys => (options.JwtSecret ?? options.JwtKeyPath ?? options.JwksUrl) is not null;

    public static IMiddleware? Create(MeshAuthOptions options, MiddlewareContext context)
        => context.Environment.Meshes is MeshSet meshes ? new MeshAuthBuilder(options, context, meshes).Build() : null;

    private IMiddleware? Build()
    {
        if (Mesh() is not { } mesh) return null;
        return options.Direction == "ingress" ? Ingress(mesh) : Egress(mesh);
    }

    private MeshIngressAuth? Ingress(ActiveMesh mesh)
    {
        WarnOfNoEffect("destination_url");
        if (!mesh.CanVerify)
        {
            context.Close(options.Location, $"mesh '{mesh.Settings.Name}' has no key that verifies tokens");
            return null;
        }

        var guard = new GuardSettings(context.Name, null, options.Audience, options.Required ?? true);
        return new MeshIngressAuth(guard, mesh, _owned?.Keys, context.Environment.Clock, context.Environment.Loggers.CreateLogger(MeshLog.Target));
    }

    private MeshEgressAuth? Egress(ActiveMesh mesh)
    {
        WarnOfNoEffect("jwks_url");
        if (options.DestinationUrl is { } text)
        {
            if (!UrlPrefix.TryParse(text, out var url, out var reason))
            {
                context.Problems.Error(options.LocationOf("destination_url"), $"'{ShownOptions.Text(text)}' {reason}");
                return null;
            }

            mesh = mesh with { Destinations = [.. mesh.Destinations, new MemberUrls("destination_url", [url], options.Audience)] };
        }

        var logger = context.Environment.Loggers.CreateLogger(MeshLog.Target);
        var destinations = new MeshPartBuilder(context.Environment, [], [mesh], meshes.Providers, context.Problems).Destinations(mesh, context.Name);
        return new MeshEgressAuth(new MeshDeparture(context.Name, options.Required ?? false, destinations, logger), mesh, _owned?.Keys);
    }

    /// <summary>The mesh with the middleware's own options over it.</summary>
    private ActiveMesh? Mesh()
    {
        var enabled = meshes.All;
        var found = options.MeshName is { } name ? enabled.FirstOrDefault(m => m.Settings.Name == name) : enabled.Count == 1 ? enabled[0] : null;
        var isComplete = options.MeshName is not null && (HasKeys || options.Provider is not (null or ResourceReference.Local));
        if (found is null && isComplete)
        {
            return Own(options.MeshName!, Over(new MeshSection { Type = "http", Provider = ResourceReference.Local, Location = options.Location }), []);
        }

        if (found is null)
        {
            var names = enabled.Select(m => m.Settings.Name);
            var choice = enabled.Count == 0 ? "none, because no [mesh.NAME] is enabled" : string.Join(", ", names);
            context.Problems.Error(options.LocationOf("mesh_name"), options.MeshName is null
                ? $"middleware '{context.Name}' must say which mesh it is for: 'mesh_name' is one of {choice}"
                : $"mesh '{options.MeshName}' is not defined or not enabled{NearestName.Suggestion(options.MeshName, names)}");
            return null;
        }

        var isItself = !HasKeys && (options.MeshId ?? options.Provider ?? options.Audience) is null;
        return isItself ? found : Own(found.Settings.Name, Over(found.Section), found.Destinations);
    }

    /// <summary>A mesh with keys or names of its own: its keys are the middleware's to dispose.</summary>
    private ActiveMesh Own(string name, MeshSection section, IReadOnlyList<MemberUrls> urls)
    {
        _owned = MeshBuilder.Settings(name, section, context.Environment, meshes.Providers, context.Problems);
        return new ActiveMesh(section, _owned, MeshBuilder.Verifier(_owned, section, context.Environment), urls);
    }

    private MeshSection Over(MeshSection mesh)
    {
        // Another provider has its own keys, and the keys of the mesh do not verify its tokens.
        var own = HasKeys || (options.Provider is { } provider && provider != mesh.Provider);
        var isIngress = options.Direction == "ingress";
        var keyed = !own ? mesh : mesh with
        {
            KeyLocations = options.KeyLocations,
            Location = options.Location,
            JwtSecret = options.JwtSecret,
            JwtOtherSecrets = [],
            JwtPrivateKeyPath = isIngress ? null : options.JwtKeyPath,
            JwtPublicKeyPath = isIngress ? options.JwtKeyPath : null,
            JwtPublicKeyPaths = [],
            JwksUrl = options.JwksUrl,
            Members = new Dictionary<string, MeshMemberSection>(),
            PublishedKeyPaths = [],
        };
        return keyed with { Id = options.MeshId ?? mesh.Id, Provider = options.Provider ?? mesh.Provider, Audience = options.Audience ?? mesh.Audience };
    }

    private void WarnOfNoEffect(string key)
    {
        if (options.Gives(key)) context.Problems.Warning(options.LocationOf(key), $"'{key}' has no effect with direction = \"{options.Direction}\"");
    }
}

/// <summary><c>mesh_auth</c> that verifies: admits requests with a token of the mesh, or with a token that an ingress has verified already.</summary>
internal sealed class MeshIngressAuth(GuardSettings settings, ActiveMesh mesh, MeshKeys? own, TimeProvider clock, ILogger logger)
    : MeshGuard(settings, [mesh.Verifier], clock, logger), IAuthenticationStep, IRenewsCredentials, IAsyncDisposable
{
    public bool IsOptional => !ForMembersOnly;

    public override IReadOnlyList<string> Words =>
    [
        $"lets {(IsOptional ? "members of" : "only members of")} mesh '{mesh.Settings.Name}' pass{(IsOptional ? ", and others without being known" : "")}",
    ];

    public void Activate()
    {
        foreach (var trusted in own?.Trusted ?? []) trusted.Source.Activate();
    }

    public void RenewCredentials()
    {
        foreach (var trusted in own?.Trusted ?? []) trusted.Source.Renew();
    }

    public override ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        => request.Identity?.Claim("mesh.name") == mesh.Settings.Name ? new(MiddlewareResult.Continue) : base.OnRequestAsync(request, ct);

    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary><c>mesh_auth</c> that gives tokens: to requests whose URL belongs to the mesh, once the backend knows the URL.</summary>
internal sealed class MeshEgressAuth(MeshDeparture departure, ActiveMesh mesh, MeshKeys? own) : IRequestMiddleware, IAsyncDisposable
{
    public MiddlewareSides Sides => MiddlewareSides.Left;

    public IReadOnlyList<string> Words => [$"gives requests a token of mesh '{mesh.Settings.Name}' that leave for {Urls}"];

    private string Urls
        => departure.Destinations.Count == 0 ? "no URL: the mesh names none" : string.Join(", ", departure.Destinations.Select(d => d.Url.Text));

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        request.Departure = departure;
        return new(MiddlewareResult.Continue);
    }

    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
