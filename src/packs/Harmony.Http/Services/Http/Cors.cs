using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Http.Services.Http;

/// <summary>Which web pages may use a service from a browser: the CORS protocol of the Fetch standard.</summary>
/// <param name="origins">Origins of those pages; <c>*</c> for every one.</param>
/// <param name="credentials">Whether they may send cookies and client certificates along.</param>
/// <param name="exposed">Headers of responses that they may read beyond those that every page may.</param>
internal sealed class Cors(IReadOnlyList<string> origins, bool credentials, string exposed)
{
    private readonly bool _isOpen = origins.Contains("*", StringComparer.Ordinal);

    /// <summary>Reports credentials for every page of the web, which <c>cors_credentials</c> and <c>cors_origins</c> could ask for.</summary>
    public static bool Check(ConfigNode options, IReadOnlyList<string> origins, bool credentials, ModuleContext context)
    {
        if (!credentials || !origins.Contains("*", StringComparer.Ordinal)) return true;
        context.Problems.Error(
            options.LocationOf("cors_credentials"),
            "'cors_credentials' needs 'cors_origins' that name origins: with \"*\" every page of the web could act for a user");
        return false;
    }

    /// <summary>Adds to the headers of a response what lets the page that asked read it; nothing where it may not.</summary>
    public void AddTo(RequestEnvelope request, HeaderFields headers)
    {
        if (TryAllow(request, headers)) headers.Set("access-control-expose-headers", exposed);
    }

    /// <summary>The response to a preflight request of a browser, and to any other OPTIONS request.</summary>
    /// <param name="response">The response.</param>
    /// <param name="methods">The methods of the path.</param>
    public void AddPreflight(ResponseEnvelope response, string methods)
    {
        response.Headers.Set("allow", methods);
        if (!TryAllow(response.Request, response.Headers)) return;
        response.Headers.Set("access-control-allow-methods", methods);
        var asked = response.Request.Headers.Combined("access-control-request-headers");
        var isFit = asked is { Length: > 0 and < 1024 } && !asked.AsSpan().ContainsAnyExceptInRange(' ', '~');
        // Not "*", which leaves Authorization out.
        response.Headers.Set("access-control-allow-headers", isFit ? asked! : "accept, authorization, content-type, if-none-match, range");
        response.Headers.Set("access-control-max-age", "600");
    }

    private bool TryAllow(RequestEnvelope request, HeaderFields headers)
    {
        if (_isOpen && !credentials)
        {
            headers.Set("access-control-allow-origin", "*");
            return true;
        }

        headers.Add("vary", "origin");
        if (request.Headers["origin"] is not { } origin || !origins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return false;
        headers.Set("access-control-allow-origin", origin);
        if (credentials) headers.Set("access-control-allow-credentials", "true");
        return true;
    }
}
