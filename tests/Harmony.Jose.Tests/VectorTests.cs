using System.Text;

namespace Harmony.Jose.Tests;

/// <summary>The examples of RFC 7515 appendix A and RFC 7520 §4, verified as published, and refused with one bit changed.</summary>
public class VectorTests
{
    private const string JoePayload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string A2Key = """
        {"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}
        """;

    private const string A2 = "eyJhbGciOiJSUzI1NiJ9." + JoePayload + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private const string A3Key =
        """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";

    private const string A3 = "eyJhbGciOiJFUzI1NiJ9." + JoePayload + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string A4Key = """{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}""";

    private const string A4 = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";

    private const string CookbookKey = """
        {"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","e":"AQAB","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"}
        """;

    private const string CookbookPs384 = "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw";

    /// <summary>RFC 8037 appendix A.</summary>
    private const string EdKey = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    private const string Ed =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    public static TheoryData<string, string, string> Published => new()
    {
        { "EdDSA", EdKey, Ed },
        { "RS256", A2Key, A2 }, { "ES256", A3Key, A3 }, { "ES512", A4Key, A4 }, { "PS384", CookbookKey, CookbookPs384 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Verify_PublishedSignature_HoldsAndOneBitDoesNot(string name, string jwk, string token)
    {
        var algorithm = JwsAlgorithm.Find(name)!;
        Assert.True(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes($$"""{"keys":[{{jwk}}]}"""), new AcceptedAlgorithms([algorithm]), out var set));
        var key = Assert.Single(set.Keys);
        Assert.True(CompactJws.TryParse(token, out var jws, out _));
        Assert.True(key.Verify(algorithm, jws.Signed, jws.Signature));
        AssertRefusesChanges(key, algorithm, jws);
    }

    /// <summary>RFC 7515 appendix A.1; the payload is the claims of RFC 7519 §3.1.</summary>
    [Fact]
    public void Verify_PublishedHmac_HoldsAndOneBitDoesNot()
    {
        Assert.True(StrictBase64Url.TryDecode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", out var secret));
        var key = HmacKey.Create(secret, AcceptedAlgorithms.Hs256)!;
        Assert.True(
            CompactJws.TryParse($"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{JoePayload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", out var jws, out _));
        Assert.Equal(("HS256", "JWT"), (jws.Header.Algorithm, jws.Header.Type));
        AssertRefusesChanges(key, JwsAlgorithm.Find("HS256")!, jws);
        Assert.True(JwtClaims.TryParse(jws.Payload, out var claims, out _));
        Assert.Equal(("joe", 1300819380L), (claims.Issuer, claims.Expires!.Value.ToUnixTimeSeconds()));
        Assert.True(claims.Has("http://example.com/is_root"));
    }

    /// <summary>RFC 7519 §6.1: a token that nobody has signed.</summary>
    [Fact]
    public void Unsecured_IsOfNoAlgorithm()
    {
        Assert.True(CompactJws.TryParse($"eyJhbGciOiJub25lIn0.{JoePayload}.", out var jws, out _));
        Assert.Equal("none", jws.Header.Algorithm);
        Assert.Null(JwsAlgorithm.Find(jws.Header.Algorithm));
    }

    /// <summary>RFC 7515 appendix F and E: a detached payload still has three parts; critical extensions are refused.</summary>
    [Fact]
    public void Critical_IsRefused()
    {
        Assert.False(
            CompactJws.TryParse(
                "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.",
                    out _, out var reason));
        Assert.Equal("the header has 'crit'", reason);
    }

    private static void AssertRefusesChanges(VerificationKey key, JwsAlgorithm algorithm, CompactJws jws)
    {
        Assert.True(key.Serves(algorithm));
        Assert.True(key.Verify(algorithm, jws.Signed, jws.Signature));
        foreach (var index in (int[])[0, jws.Signature.Length / 2, jws.Signature.Length - 1])
        {
            var changed = (byte[])jws.Signature.Clone();
            changed[index] ^= 1;
            Assert.False(key.Verify(algorithm, jws.Signed, changed));
        }

        var other = (byte[])jws.Signed.Clone();
        other[^1] ^= 1;
        Assert.False(key.Verify(algorithm, other, jws.Signature));
        Assert.False(key.Verify(algorithm, jws.Signed, []));
        Assert.False(key.Verify(algorithm, jws.Signed, new byte[jws.Signature.Length]));
        Assert.False(key.Verify(algorithm, jws.Signed, [.. jws.Signature, 0]));
    }
}
