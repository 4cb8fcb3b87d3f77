using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Jmix.Model;

namespace Harmony.Jmix.Security;

/// <summary>The outcome of verifying an assertion.</summary>
public enum AssertionOutcome
{
    /// <summary>The signature fits the fields that it names.</summary>
    Valid,

    /// <summary>The signature fits, but every field that it names is absent, so it says nothing (jmix-php 0.4 signs so).</summary>
    ValidButEmpty,

    /// <summary>The signature does not fit.</summary>
    Invalid,

    /// <summary>The assertion has ended.</summary>
    Expired,
}

/// <summary>The result of verifying one assertion.</summary>
/// <param name="Where">The entity: <c>sender</c>, <c>requester</c>, <c>receiver[0]</c>.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Reason">The reason for a person.</param>
/// <param name="Fingerprint">That of the key; whether the key is the entity's own is for the reader to decide.</param>
/// <param name="Fields">The fields that the signature covers.</param>
public sealed record AssertionResult(string Where, AssertionOutcome Outcome, string Reason, string Fingerprint, IReadOnlyList<string> Fields)
{
    /// <summary>Whether the package contains a directory's statement for the key. Only the directory's own key can verify that statement.</summary>
    public bool HasDirectoryAttestation { get; init; }
}

/// <summary>Makes and verifies the assertions of sender, requester and receivers: Ed25519 over chosen fields of the manifest.</summary>
internal static class Assertions
{
    /// <summary>Adds an assertion to each entity that has a key. The manifest must be complete but for assertions.</summary>
    public static void Sign(JsonObject manifest, JmixBuildOptions options)
    {
        Sign(manifest, manifest["sender"] as JsonObject, options.Sender, "sender");
        if (options.Requester is { } requester) Sign(manifest, manifest["requester"] as JsonObject, requester, "requester");
        for (var i = 0; i < options.Receivers.Count; i++)
            Sign(manifest, manifest["receiver"]?[i] as JsonObject, options.Receivers[i], $"receiver.{i}");
    }

    /// <summary>Verifies all assertions of a manifest.</summary>
    public static List<AssertionResult> Verify(JsonObject manifest, DateTimeOffset now)
    {
        var results = new List<AssertionResult>();
        Verify(manifest, manifest["sender"], "sender", now, results);
        Verify(manifest, manifest["requester"], "requester", now, results);
        if ((manifest["receiver"] ?? manifest["receivers"]) is JsonArray receivers)
        {
            for (var i = 0; i < receivers.Count; i++) Verify(manifest, receivers[i], $"receiver[{i}]", now, results);
        }

        return results;
    }

    private static void Sign(JsonObject manifest, JsonObject? written, JmixEntity entity, string path)
    {
        if (entity.SigningKey is not { } key || written is null) return;
        var fields = new List<string> { $"{path}.id", "manifest.id", "timestamp" };
        if (entity.Name is not null) fields.Add($"{path}.name");
        if (manifest["security"]?["payload_hash"] is not null) fields.Add("security.payload_hash");
        var assertion = new JsonObject
        {
            ["signing_key"] = new JsonObject
            {
                ["alg"] = "Ed25519",
                ["public_key"] = Convert.ToBase64String(key.PublicKey),
                ["fingerprint"] = SigningKeyPair.Fingerprint(key.PublicKey),
            },
            ["signed_fields"] = JmixJson.Strings(fields),
            ["signature"] = Convert.ToBase64String(key.Sign(Signed(manifest, fields, Lookup.Manifest))),
        };
        if (entity.KeyReference is not null) assertion["key_reference"] = entity.KeyReference;
        if (entity.AssertionExpires is { } end) assertion["expires_at"] = JmixJson.Time(end);
        written["assertion"] = assertion;
    }

    private static void Verify(JsonObject manifest, JsonNode? entity, string where, DateTimeOffset now, List<AssertionResult> results)
    {
        if (entity is not JsonObject || entity["assertion"] is not JsonObject assertion) return;
        var fields = assertion["signed_fields"] is JsonArray listed ? listed.Select(Text).OfType<string>().ToList() : [];
        var result = new AssertionResult(where, AssertionOutcome.Invalid, "", Text(assertion["signing_key"]?["fingerprint"]) ?? "", fields)
        {
            HasDirectoryAttestation = assertion["directory_attestation"] is JsonObject,
        };
        var (outcome, reason) = Judge(manifest, assertion, fields, now);
        results.Add(result with { Outcome = outcome, Reason = reason });
    }

    private static (AssertionOutcome Outcome, string Reason) Judge(JsonObject manifest, JsonObject assertion, List<string> fields, DateTimeOffset now)
    {
        if (Text(assertion["signing_key"]?["alg"]) is not "Ed25519") return (AssertionOutcome.Invalid, "the algorithm is not Ed25519");
        if (Base64(assertion["signing_key"]?["public_key"]) is not { Length: 32 } key)
            return (AssertionOutcome.Invalid, "the public key does not have 32 bytes");
        if (!string.Equals(Text(assertion["signing_key"]?["fingerprint"]), SigningKeyPair.Fingerprint(key), StringComparison.OrdinalIgnoreCase))
            return (AssertionOutcome.Invalid, "the fingerprint is not that of the public key");
        if (Base64(assertion["signature"]) is not { Length: 64 } signature) return (AssertionOutcome.Invalid, "the signature does not have 64 bytes");
        if (fields.Count == 0) return (AssertionOutcome.Invalid, "no field is signed");
        if (Text(assertion["expires_at"]) is { } end)
        {
            if (!DateTimeOffset.TryParse(end, System.Globalization.CultureInfo.InvariantCulture, out var moment))
                return (AssertionOutcome.Invalid, "expires_at is no time");
            if (moment < now) return (AssertionOutcome.Expired, $"the assertion ended {JmixJson.Time(moment)}");
        }

        foreach (var lookup in new[] { Lookup.Manifest, Lookup.Envelope })
        {
            var signed = Signed(manifest, fields, lookup);
            if (!SigningKeyPair.Verify(key, signed, signature)) continue;
            return fields.All(f => Find(manifest, f, lookup) is null)
                ? (AssertionOutcome.ValidButEmpty, "the signature fits, but no field that it names exists, so it proves nothing")
                : (AssertionOutcome.Valid, "the signature fits");
        }

        return (AssertionOutcome.Invalid, "the signature does not fit the signed fields");
    }

    private static byte[] Signed(JsonObject manifest, IEnumerable<string> fields, Lookup lookup)
    {
        var values = new JsonObject();
        foreach (var field in fields) values[field] = Find(manifest, field, lookup)?.DeepClone();
        return JmixJson.Canonical(values);
    }

    private static JsonNode? Find(JsonObject manifest, string field, Lookup lookup)
    {
        // jmix-rs looks within the manifest, where "manifest.id" is its id; jmix-php looks one level higher, where "manifest" is a member.
        var path = field.Split('.');
        JsonNode? value = lookup == Lookup.Manifest || path[0] == "manifest" ? manifest : null;
        foreach (var name in path[0] == "manifest" ? path[1..] : path)
        {
            value = value switch
            {
                JsonObject members => members[name],
                JsonArray items when int.TryParse(name, out var i) && i >= 0 && i < items.Count => items[i],
                _ => null,
            };
        }

        return value;
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static byte[]? Base64(JsonNode? node)
    {
        try
        {
            return Text(node) is { Length: < 1024 } text ? Convert.FromBase64String(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private enum Lookup
    {
        Manifest,
        Envelope,
    }
}
