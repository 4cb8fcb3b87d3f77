using Harmony.Access.Middleware.ApiKey;
using Harmony.Access.Middleware.BasicAuth;
using Harmony.Access.Middleware.JwtAuth;
using Harmony.Access.Middleware.OAuth2Introspection;
using Harmony.Access.Middleware.PathFilter;
using Harmony.Access.Middleware.Policies;
using Harmony.Core.Modules;

namespace Harmony.Access;

/// <summary>Who may do what: authentication, path filters, policies.</summary>
public sealed class AccessPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new MiddlewareModule("api_key", "Lets pass who has an API key, in a field or in the query.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<ApiKeyOptions>(ApiKeyBuilder.Create)))
            .Add(new MiddlewareModule("basic_auth", "Lets pass who knows a user name and its password, or a token.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<BasicAuthOptions>(BasicAuthBuilder.Create)))
            .Add(new MiddlewareModule("jwt_auth", "Lets pass who shows a JSON Web Token of a trusted issuer.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<JwtAuthOptions>(JwtAuthBuilder.Create))
            { Aliases = ["jwtauth", "jwt"] })
            .Add(new MiddlewareModule("oauth2_introspection", "Lets pass who shows a token that an authorization server calls active.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<OAuth2IntrospectionOptions>(OAuth2IntrospectionBuilder.Create)))
            .Add(new MiddlewareModule("path_filter", "Lets only some paths pass.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PathFilterOptions>(PathFilterMiddleware.Create)))
            .Add(new MiddlewareModule("policies", "Allows and denies by rules: address, path, method, fields, country, time, rate.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PoliciesOptions>(PoliciesMiddleware.Create))
            { CheckUnused = UnusedRules.Check });
    }
}
