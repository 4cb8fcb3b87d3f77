using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.ApiKey;

/// <summary>The options of an <c>api_key</c> middleware. They may stand in an <c>[authentications.NAME]</c> of method api_key that it refers to.</summary>
public sealed record ApiKeyOptions : ConfigNode
{
    /// <summary>Field that carries the key.</summary>
    [NotEmpty]
    public string HeaderName { get; init; } = "X-API-Key";

    /// <summary>Query parameter that may carry it instead. URLs end up in logs and histories; prefer the field.</summary>
    [NotEmpty]
    public string? QueryParam { get; init; }

    /// <summary>One accepted key, in the form of <c>keys</c>. Its name is that of the middleware.</summary>
    [Secret]
    public string? ApiKey { get; init; }

    /// <summary>File with that key.</summary>
    [NotEmpty]
    public string? CredentialsPath { get; init; }

    /// <summary>Accepted keys by name: <c>sha256:</c> and the 64 hexadecimal digits of the key's SHA-256, or the key itself.</summary>
    [Secret]
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>File with a line <c>name:key</c> for each accepted key, the keys in the same form.</summary>
    [NotEmpty]
    public string? KeysFile { get; init; }

    /// <summary>What a client is told to authenticate for; harmony when absent.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary>Lets requests without a key go on to the next step, which must be an authentication that is not optional.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether backends get to see the key.</summary>
    public bool ForwardCredentials { get; init; }
}
