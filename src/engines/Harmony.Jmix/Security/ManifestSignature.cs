using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Jmix.Model;

namespace Harmony.Jmix.Security;

/// <summary>The outcome of verifying <c>manifest.jws</c>.</summary>
public enum ManifestSignatureOutcome
{
    /// <summary>The package has none.</summary>
    Absent,

    /// <summary>The signature fits and covers the manifest as it is.</summary>
    Valid,

    /// <summary>The signature fits, but covers the manifest as it was before its payload hash and encryption were known (jmix-php 0.4 signs so).</summary>
    ValidWithoutPayload,

    /// <summary>The signature does not fit, or covers another manifest.</summary>
    Invalid,

    /// <summary>The signing key is not known.</summary>
    NotVerifiable,
}

/// <summary>Signs a manifest as a compact JWS with EdDSA (RFC 7515, RFC 8037), and verifies it.</summary>
internal static class ManifestSignature
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "manifest.jws";

    /// <summary>The signature over the exact bytes of <c>manifest.json</c>.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> manifest, SigningKeyPair key)
    {
        var signed = Base64Url.EncodeToString("""{"alg":"EdDSA","typ":"JWS","crv":"Ed25519"}"""u8) + "." + Base64Url.EncodeToString(manifest);
        return Encoding.ASCII.GetBytes(signed + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed))));
    }

    /// <summary>Verifies a signature against the manifest of the package.</summary>
    /// <param name="jws">The file.</param>
    /// <param name="manifest">The exact bytes of <c>manifest.json</c>.</param>
    /// <param name="keys">Public keys that may have signed, 32 bytes each.</param>
    public static ManifestSignatureOutcome Verify(ReadOnlySpan<byte> jws, ReadOnlySpan<byte> manifest, IEnumerable<byte[]> keys)
    {
        var parts = Encoding.ASCII.GetString(jws).Trim().Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload || Decode(parts[2]) is not { } signature)
            return ManifestSignatureOutcome.Invalid;
        try
        {
            // The header does not choose the algorithm: every algorithm but EdDSA is refused.
            if (JmixJson.Parse(header, FileName) is not JsonObject members || members["alg"]?.ToString() != "EdDSA" || members.ContainsKey("crit"))
                return ManifestSignatureOutcome.Invalid;
            var known = keys.ToList();
            if (known.Count == 0) return ManifestSignatureOutcome.NotVerifiable;
            var signed = Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]);
            if (!known.Exists(key => SigningKeyPair.Verify(key, signed, signature))) return ManifestSignatureOutcome.Invalid;
            if (manifest.SequenceEqual(payload)) return ManifestSignatureOutcome.Valid;
            return Covers(JmixJson.Parse(manifest, "manifest.json"), JmixJson.Parse(payload, FileName));
        }
        catch (JmixException)
        {
            return ManifestSignatureOutcome.Invalid;
        }
    }

    private static ManifestSignatureOutcome Covers(JsonNode? manifest, JsonNode? signed)
    {
        if (JsonNode.DeepEquals(manifest, signed)) return ManifestSignatureOutcome.Valid;
        // jmix-php signs while the hash is still an empty text. A signature over another hash is that of another package.
        if (signed?["security"] is not JsonObject early || early["payload_hash"]?.ToString() is not (null or "") || early.ContainsKey("encryption"))
            return ManifestSignatureOutcome.Invalid;
        foreach (var security in new[] { manifest?["security"] as JsonObject, early })
        {
            foreach (var late in new[] { "jws", "payload_hash", "encryption" }) security?.Remove(late);
        }

        return JsonNode.DeepEquals(manifest, signed) ? ManifestSignatureOutcome.ValidWithoutPayload : ManifestSignatureOutcome.Invalid;
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
