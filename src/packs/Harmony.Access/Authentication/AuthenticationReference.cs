using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Access.Authentication;

/// <summary>The <c>[authentications.NAME]</c> that a middleware refers to.</summary>
internal static class AuthenticationReference
{
    /// <summary>Puts a middleware's own options over those of the authentication it refers to.</summary>
    /// <param name="own">Its own options.</param>
    /// <param name="context">What it is built from.</param>
    /// <param name="methods">The methods that fit.</param>
    /// <returns>Null when the authentication is of another method, which has been reported.</returns>
    public static T? Resolve<T>(T own, MiddlewareContext context, params string[] methods)
        where T : ConfigNode
    {
        if (context.Authentication is not { } authentication) return own;
        if (methods.Contains(authentication.Method)) return own.Over(authentication.Options);
        context.Problems.Error(authentication.LocationOf("method"),
            $"middleware '{context.Name}' cannot use an authentication of method '{authentication.Method}'; it needs {string.Join(" or ", methods)}");
        return null;
    }
}
