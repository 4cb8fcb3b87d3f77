using Harmony.Http.Services.Http;

namespace Harmony.Fhir.Services.Fhir;

/// <summary><c>[backends.NAME.options]</c> of a <c>fhir</c> backend: those of <c>http</c>, and these.</summary>
public sealed record FhirBackendOptions : HttpBackendOptions
{
    /// <summary>
    /// Further base URLs by which the server calls itself, e.g. an internal name: links that begin with them lead back through the gateway too.
    /// </summary>
    public IReadOnlyList<string> ServerBases { get; init; } = [];

    /// <summary>Base URL by which clients know the gateway; made of scheme, host and prefix of each request when absent.</summary>
    public string? PublicBase { get; init; }

    /// <summary>Whether links in headers and bodies lead through the gateway. False passes everything on as it is.</summary>
    public bool RewriteUrls { get; init; } = true;
}
