using Harmony.Access.Middleware.ApiKey;
using Harmony.Access.Middleware.BasicAuth;
using Harmony.Access.Middleware.JwtAuth;
using Harmony.Access.Middleware.OAuth2Introspection;
using Harmony.Access.Middleware.PathFilter;
using Harmony.Access.Middleware.Policies;
using Harmony.Core.Modules;

namespace Harmony.Access;

/// <summary>Access control: authentication, path filters, policies.</summary>
public sealed class AccessPack : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        modules
            .Add(new MiddlewareModule("api_key", "Admits requests that carry a valid API key in a header or the query string.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<ApiKeyOptions>(ApiKeyBuilder.Create)))
            .Add(new MiddlewareModule("basic_auth", "Admits requests that carry a valid user name and password, or a fixed token.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<BasicAuthOptions>(BasicAuthBuilder.Create)))
            .Add(new MiddlewareModule("jwt_auth", "Admits requests that carry a valid JSON Web Token of a trusted issuer.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<JwtAuthOptions>(JwtAuthBuilder.Create))
            { Aliases = ["jwtauth", "jwt"] })
            .Add(new MiddlewareModule("oauth2_introspection", "Admits requests that carry a token which an authorization server reports as active.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<OAuth2IntrospectionOptions>(OAuth2IntrospectionBuilder.Create)))
            .Add(new MiddlewareModule("path_filter", "Admits requests only to the listed paths.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PathFilterOptions>(PathFilterMiddleware.Create)))
            .Add(new MiddlewareModule("policies", "Allows or denies requests by rules: client address, path, method, headers, country, time, rate.",
                ModuleFactory<MiddlewareContext, IMiddleware>.From<PoliciesOptions>(PoliciesMiddleware.Create))
            { CheckUnused = UnusedRules.Check });
    }
}
