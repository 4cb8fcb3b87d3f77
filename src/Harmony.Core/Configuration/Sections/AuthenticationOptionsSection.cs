namespace Harmony.Core.Configuration;

/// <summary><c>[authentications.NAME.options]</c>.</summary>
public sealed record AuthenticationOptionsSection : ConfigNode
{
    /// <summary>basic: user name.</summary>
    public string? Username { get; init; }

    /// <summary>basic: password.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary>basic, bearer, api_key: file with the credentials, for basic <c>user:password</c>.</summary>
    public string? CredentialsPath { get; init; }

    /// <summary>bearer: token.</summary>
    [Secret]
    public string? Token { get; init; }

    /// <summary>api_key: key.</summary>
    [Secret]
    public string? ApiKey { get; init; }

    /// <summary>api_key: field that carries it.</summary>
    [NotEmpty]
    public string HeaderName { get; init; } = "X-API-Key";

    /// <summary>jwt: issuer expected.</summary>
    public string? Issuer { get; init; }

    /// <summary>jwt: audience expected.</summary>
    public string? Audience { get; init; }

    /// <summary>jwt: issuers believed.</summary>
    public IReadOnlyList<string> TrustedIssuers { get; init; } = [];

    /// <summary>jwt: where the keys are published.</summary>
    public string? JwksUri { get; init; }

    /// <summary>jwt: signature algorithms accepted.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary>jwt: claims that must be there.</summary>
    public IReadOnlyList<string> RequiredClaims { get; init; } = [];

    /// <summary>jwt: PEM file with the public key.</summary>
    public string? PublicKeyPath { get; init; }

    /// <summary>jwt: whether a shared secret verifies tokens instead of a public key.</summary>
    public bool UseHs256 { get; init; }

    /// <summary>jwt: that secret, of at least 32 bytes.</summary>
    [Secret]
    public string? Hs256Secret { get; init; }

    /// <summary>jwt: seconds by which clocks may differ.</summary>
    [AlsoKnownAs("leeway_seconds")]
    [AllowedRange(0, 300)]
    public int LeewaySecs { get; init; } = 60;

    /// <summary>jwt: whether an expired token is refused.</summary>
    public bool ValidateExpiry { get; init; } = true;
}
