namespace Harmony.Jose;

/// <summary>The families of RFC 7518 §3. A key serves one of them only.</summary>
internal enum SignatureFamily
{
    /// <summary>HMAC with a shared secret: HS256, HS384, HS512.</summary>
    Hmac,

    /// <summary>RSASSA-PKCS1-v1_5: RS256, RS384, RS512.</summary>
    RsaPkcs1,

    /// <summary>RSASSA-PSS: PS256, PS384, PS512.</summary>
    RsaPss,

    /// <summary>ECDSA: ES256, ES384, ES512.</summary>
    Ecdsa,
}
