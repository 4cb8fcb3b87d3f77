using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Harmony.Jmix.Reading;

/// <summary>
/// The shapes of the documents of a package, as the public schemas (draft 2020-12) describe them. They stand here as code, so that the engine needs
/// neither the schema files nor a schema processor.
/// </summary>
internal abstract partial record Shape
{
    /// <summary>Reports the parts of a value that do not have this shape. <paramref name="where"/> is a JSON pointer.</summary>
    public abstract void Check(JsonNode? value, string where, Action<string, string> problem);

    private static Shape Text => new TextShape(_ => null);
    private static Shape Moment => new TextShape(t => DateTimeOffset.TryParse(t, CultureInfo.InvariantCulture, out _)
        && t.Contains('T', StringComparison.OrdinalIgnoreCase) ? null : "a date and time such as 2026-01-31T12:00:00Z");
    private static Shape Day => Matches(DayPattern(), "a date such as 2026-01-31");
    private static Shape Uuid => new TextShape(t => Guid.TryParseExact(t, "D", out _) ? null : "a UUID");
    private static Shape Flexible => new ObjectShape([], IsOpen: true);

    private static ObjectShape SigningKey => new([
        ("alg", OneOf("Ed25519"), true), ("public_key", Text, true), ("fingerprint", Matches(FingerprintPattern(), "SHA256: and hexadecimal digits"), true)]);

    private static ObjectShape Assertion => new([
        ("signing_key", SigningKey, true), ("key_reference", Text, false), ("signed_fields", new ListShape(Text, 1), true), ("signature", Text, true),
        ("expires_at", Moment, false),
        ("directory_attestation", new ObjectShape([
            ("provider", Text, true), ("attestation_signature", Text, true), ("attestation_timestamp", Moment, true), ("attestation_public_key", Text, true)]),
                false)]);

    private static Shape Contact => new EitherShape(Text, new ObjectShape([("system", Text, true), ("value", Text, true)]));

    private static ObjectShape Entity => new([("name", Text, false), ("id", Text, true), ("contact", Contact, false), ("assertion", Assertion, false)]);

    private static ObjectShape Consent => new([
        ("status", OneOf("granted", "denied", "unknown"), true),
        ("scope", new ListShape(OneOf("treatment", "research", "emergency", "operations", "patient"), 0), false),
        ("method", Text, false), ("signed_on", Day, false)]);

    private static ObjectShape Extensions => new(
        [("custom_tags", new ListShape(Text, 0), false), ("consent", Consent, false),
            ("deid", new ObjectShape([("keys", new ListShape(Text, 0), false)]), false)],
        IsOpen: true);

    /// <summary><c>manifest.json</c>.</summary>
    public static Shape Manifest { get; } = new ObjectShape([
        ("version", Text, true), ("id", Uuid, true), ("timestamp", Moment, true), ("sender", Entity, true), ("requester", Entity, false),
        ("receiver", new ListShape(Entity, 1), true),
        ("security", new ObjectShape([
            ("classification", OneOf("confidential", "sensitive", "de-identified"), false),
            ("payload_hash", Matches(HashPattern(), "sha256: and hexadecimal digits"), false),
            ("jws", new ObjectShape([("jws_file", Text, true)]), false),
            ("signature", new ObjectShape([("alg", Text, true), ("sig", Text, true), ("hash", Text, false)]), false),
            ("encryption", new ObjectShape([
                ("algorithm", OneOf("AES-256-GCM"), true), ("ephemeral_public_key", Text, true), ("iv", Text, true), ("auth_tag", Text, true)]), false)]),
                    false),
        ("extensions", Extensions, false)]);

    /// <summary><c>payload/metadata.json</c>.</summary>
    public static Shape Metadata { get; } = new ObjectShape([
        ("version", Text, true), ("id", Uuid, true), ("timestamp", Moment, true),
        ("patient", new ObjectShape([
            ("id", Text, true),
            ("name", new ObjectShape([
                ("family", Text, false), ("given", new ListShape(Text, 0), false), ("prefix", Text, false), ("suffix", Text, false), ("text", Text, false)]),
                    false),
            ("dob", Matches(DayPattern(), "a date such as 1970-01-31"), false), ("sex", OneOf("M", "F", "O"), false),
            ("identifiers", new ListShape(new ObjectShape([("system", Text, true), ("value", Text, true)]), 0), false),
            ("verification", new ObjectShape([("verified_by", Text, false), ("verified_on", Day, false)]), false)]), true),
        ("report", new ObjectShape([("file", Text, false)]), false),
        ("studies", new ObjectShape([
            ("study_description", Text, false), ("study_uid", Text, false),
            ("series", new ListShape(new ObjectShape(
                [("series_uid", Text, true), ("modality", Text, true), ("body_part", Text, false), ("instance_count", new CountShape(), false)], IsOpen: true),
                    0), false)]), false),
        ("extensions", Extensions, false)]);

    /// <summary><c>payload/files.json</c>.</summary>
    public static Shape Files { get; } = new ListShape(
        new ObjectShape([("file", Text, true), ("hash", Text, false), ("size_bytes", new CountShape(), false)]), 0);

    /// <summary><c>audit.json</c>.</summary>
    public static Shape Audit { get; } = new ObjectShape([
        ("audit", new ListShape(new ObjectShape([
            ("event", Text, true), ("by", Reference, true), ("to", Reference, false), ("timestamp", Moment, true), ("assertion", Flexible, false)]), 0),
                true)]);

    private static ObjectShape Reference => new([("id", Text, true), ("name", Text, false)]);

    private static TextShape OneOf(params string[] values) => new(t => values.Contains(t) ? null : "one of " + string.Join(", ", values));

    private static TextShape Matches(Regex pattern, string expected) => new(t => pattern.IsMatch(t) ? null : expected);

    [GeneratedRegex("^sha256:[A-Fa-f0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex HashPattern();

    [GeneratedRegex("^SHA256:[A-Fa-f0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex FingerprintPattern();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", RegexOptions.NonBacktracking)]
    private static partial Regex DayPattern();

    private sealed record TextShape(Func<string, string?> Expected) : Shape
    {
        public override void Check(JsonNode? value, string where, Action<string, string> problem)
        {
            if (value?.GetValueKind() != JsonValueKind.String) problem(where, "a text is expected");
            else if (Expected(value.GetValue<string>()) is { } expected) problem(where, $"{expected} is expected");
        }
    }

    private sealed record CountShape : Shape
    {
        public override void Check(JsonNode? value, string where, Action<string, string> problem)
        {
            if (value?.GetValueKind() != JsonValueKind.Number || !value.AsValue().TryGetValue(out JsonElement number)
                || !(number.TryGetInt64(out var n) && n >= 0))
                problem(where, "a whole number from 0 is expected");
        }
    }

    private sealed record ListShape(Shape Item, int Least) : Shape
    {
        public override void Check(JsonNode? value, string where, Action<string, string> problem)
        {
            if (value is not JsonArray items)
            {
                problem(where, "a list is expected");
                return;
            }

            if (items.Count < Least) problem(where, $"at least {Least} entry is expected");
            for (var i = 0; i < items.Count; i++) Item.Check(items[i], $"{where}/{i}", problem);
        }
    }

    private sealed record EitherShape(Shape First, Shape Second) : Shape
    {
        public override void Check(JsonNode? value, string where, Action<string, string> problem)
            => (value is JsonObject ? Second : First).Check(value, where, problem);
    }

    private sealed record ObjectShape(IReadOnlyList<(string Name, Shape Shape, bool IsRequired)> Members, bool IsOpen = false) : Shape
    {
        public override void Check(JsonNode? value, string where, Action<string, string> problem)
        {
            if (value is not JsonObject members)
            {
                problem(where, "an object is expected");
                return;
            }

            foreach (var (name, shape, isRequired) in Members)
            {
                if (members.TryGetPropertyValue(name, out var member)) shape.Check(member, $"{where}/{name}", problem);
                else if (isRequired) problem(where, $"the member '{name}' is missing");
            }

            if (IsOpen) return;
            foreach (var (name, _) in members)
            {
                if (!Members.Any(m => m.Name == name)) problem($"{where}/{name}", $"the schema has no member '{name}' here");
            }
        }
    }
}
