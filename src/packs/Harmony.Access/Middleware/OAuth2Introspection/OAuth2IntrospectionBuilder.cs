using Harmony.Access.Authentication;
using Harmony.Core.Egress;
using Harmony.Core.Modules;
using Harmony.Jose;

namespace Harmony.Access.Middleware.OAuth2Introspection;

/// <summary>Builds an <c>oauth2_introspection</c> from its options. What is missing or cannot be used goes to the context's problems.</summary>
internal static class OAuth2IntrospectionBuilder
{
    public static OAuth2IntrospectionMiddleware? Create(OAuth2IntrospectionOptions own, MiddlewareContext context)
    {
        if (AuthenticationReference.Resolve(own, context, "oauth2_introspection") is not { } options) return null;
        if (options.IntrospectionEndpoint is null || options.ClientId is null || string.IsNullOrEmpty(options.ClientSecret))
        {
            // RFC 7662 §2.1: an endpoint that answers any client would let attackers try tokens out.
            context.Problems.Error(options.Location, $"middleware '{context.Name}' needs 'introspection_endpoint', 'client_id' and 'client_secret'");
            return null;
        }

        if (Url(options, context) is not { } url) return null;
        var environment = context.Environment;
        var client = new EgressClient(
            EgressPolicy.From(context.Config.Proxy.Egress),
            new EgressSettings { Timeout = TimeSpan.FromSeconds(options.TimeoutSecs), MaxResponseBytes = 64 * 1024, MaxConnections = 32 },
            environment.Clock);
        var endpoint = new IntrospectionEndpoint(client, url, options.ClientId, options.ClientSecret, options.ClientAuth == "post");
        var rules = new JwtRules
        {
            Issuers = options.Issuer is null ? [] : [options.Issuer],
            Audience = options.Audience,
            RequiredClaims = options.RequiredClaims,
            Leeway = TimeSpan.FromSeconds(options.LeewaySecs),
            RequiresExpiry = false,
        };
        var logger = environment.Loggers.CreateLogger(StepSettings.LogTarget);
        var settings = new StepSettings(context.Name, options.Optional, options.ForwardCredentials, "Bearer", options.Realm
            ?? StepSettings.DefaultRealm, logger);
        return new OAuth2IntrospectionMiddleware(settings, endpoint, Known(options, url, context), rules, options, environment.Clock);
    }

    /// <summary>What the server has said outlives a reload that asks the same server the same question and judges the answer alike.</summary>
    private static KnownTokens Known(OAuth2IntrospectionOptions options, Uri url, MiddlewareContext context)
    {
        var asked = (url.AbsoluteUri, options.ClientId, EgressKey.Of(context.Config.Proxy.Egress));
        var judged = (options.Issuer, options.Audience, string.Join('\n', options.RequiredClaims), options.LeewaySecs);
        var kept = (options.CacheSecs, options.NegativeCacheSecs, options.CacheSize);
        return context.Environment.Carried.Get(
            $"{context.File}/middleware.{context.Name}", (asked, judged, kept), () => new KnownTokens(options.CacheSize, context.Environment.Clock));
    }

    private static Uri? Url(OAuth2IntrospectionOptions options, MiddlewareContext context)
    {
        var egress = context.Config.Proxy.Egress;
        var location = options.LocationOf("introspection_endpoint");
        if (EgressPolicy.From(egress).Check(options.IntrospectionEndpoint!, "introspection_endpoint", location, context.Problems) is not { } url) return null;
        if (HttpsRule.ReasonAgainst(url, egress) is not { } reason) return url;
        context.Problems.Error(location, $"'introspection_endpoint' may not be used: {reason}");
        return null;
    }
}
