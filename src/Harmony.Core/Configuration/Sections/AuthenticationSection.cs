namespace Harmony.Core.Configuration;

/// <summary><c>[authentications.NAME]</c>: credentials that the gateway sends, or how it checks those of clients.</summary>
public sealed record AuthenticationSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Kind of authentication.</summary>
    [AllowedValues("jwt", "basic", "bearer", "api_key", "oauth2_introspection", "mutual_tls", "custom", "none")]
    public required string Method { get; init; }

    /// <summary>Options of that kind.</summary>
    public AuthenticationOptionsSection Options { get; init; } = new();
}

/// <summary><c>[authentications.NAME.options]</c>.</summary>
public sealed record AuthenticationOptionsSection : ConfigNode
{
    /// <summary><c>basic</c>: user name.</summary>
    public string? Username { get; init; }

    /// <summary><c>basic</c>: password.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary><c>basic</c>: hash of the password instead of the password, as <c>harmony hash-password</c> prints it.</summary>
    [Secret]
    public string? PasswordHash { get; init; }

    /// <summary><c>basic</c>: file with one line <c>user:hash</c> per user.</summary>
    [NotEmpty]
    public string? UsersFile { get; init; }

    /// <summary><c>basic</c>, <c>bearer</c>: file with a token that is accepted as bearer token.</summary>
    [NotEmpty]
    public string? TokenPath { get; init; }

    /// <summary>Realm in the <c>WWW-Authenticate</c> header.</summary>
    [NotEmpty]
    public string? Realm { get; init; }

    /// <summary><c>basic</c>, <c>bearer</c>, <c>api_key</c>: file with the credentials, for basic <c>user:password</c>.</summary>
    public string? CredentialsPath { get; init; }

    /// <summary><c>bearer</c>: token.</summary>
    [Secret]
    public string? Token { get; init; }

    /// <summary><c>api_key</c>: key.</summary>
    [Secret]
    public string? ApiKey { get; init; }

    /// <summary><c>api_key</c>: header that carries the key.</summary>
    [NotEmpty]
    public string HeaderName { get; init; } = "X-API-Key";

    /// <summary><c>api_key</c>: query parameter that may carry the key instead of the header.</summary>
    [NotEmpty]
    public string? QueryParam { get; init; }

    /// <summary><c>api_key</c>: accepted keys by name, each written as <c>sha256:</c> with 64 hexadecimal digits or as the key itself.</summary>
    [Secret]
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary><c>api_key</c>: file with one line <c>name:key</c> per accepted key.</summary>
    [NotEmpty]
    public string? KeysFile { get; init; }

    /// <summary><c>oauth2_introspection</c>: URL of the introspection endpoint.</summary>
    [NotEmpty]
    public string? IntrospectionEndpoint { get; init; }

    /// <summary><c>oauth2_introspection</c>: client id of the gateway at the authorization server.</summary>
    [NotEmpty]
    public string? ClientId { get; init; }

    /// <summary><c>oauth2_introspection</c>: client secret of the gateway at the authorization server.</summary>
    [Secret]
    public string? ClientSecret { get; init; }

    /// <summary><c>jwt</c>, <c>oauth2_introspection</c>: issuer that tokens must have.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>jwt</c>, <c>oauth2_introspection</c>: audience that tokens must have.</summary>
    public string? Audience { get; init; }

    /// <summary><c>jwt</c>: issuers whose tokens are accepted.</summary>
    public IReadOnlyList<string> TrustedIssuers { get; init; } = [];

    /// <summary><c>jwt</c>: URL of the issuer's key set.</summary>
    public string? JwksUri { get; init; }

    /// <summary><c>jwt</c>: signature algorithms accepted.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary><c>jwt</c>, <c>oauth2_introspection</c>: claims that tokens must contain.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary><c>jwt</c>: PEM file with the public key.</summary>
    public string? PublicKeyPath { get; init; }

    /// <summary><c>jwt</c>: verifies tokens with a shared secret instead of a public key.</summary>
    public bool UseHs256 { get; init; }

    /// <summary><c>jwt</c>: the shared secret, of at least 32 bytes.</summary>
    [Secret]
    public string? Hs256Secret { get; init; }

    /// <summary><c>jwt</c>, <c>oauth2_introspection</c>: seconds by which the clocks of issuer and gateway may differ.</summary>
    [AlsoKnownAs("leeway_seconds")]
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary><c>jwt</c>: refuses expired tokens.</summary>
    public bool ValidateExpiry { get; init; } = true;
}
