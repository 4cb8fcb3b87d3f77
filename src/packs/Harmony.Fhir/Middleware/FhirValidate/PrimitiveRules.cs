using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>Whether a value of JSON has the form of a primitive type (https://hl7.org/fhir/R4/datatypes.html#primitive).</summary>
internal static partial class PrimitiveRules
{
    /// <summary>The expected form; null if the value has that form. The reader stands at the value.</summary>
    public static string? Expected(ref Utf8JsonReader reader, string type) => type switch
    {
        "boolean" => reader.TokenType is JsonTokenType.True or JsonTokenType.False ? null : "true or false",
        "integer" => IsInteger(ref reader, int.MinValue) ? null : "a whole number",
        "unsignedInt" => IsInteger(ref reader, 0) ? null : "a whole number of 0 or more",
        "positiveInt" => IsInteger(ref reader, 1) ? null : "a whole number of 1 or more",
        "decimal" => reader.TokenType == JsonTokenType.Number ? null : "a number",
        _ => reader.TokenType == JsonTokenType.String ? ExpectedText(ref reader, type) : "a string",
    };

    private static bool IsInteger(ref Utf8JsonReader reader, int least)
        => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= least;

    private static string? ExpectedText(ref Utf8JsonReader reader, string type)
    {
        if (reader.ValueSpan.IsEmpty) return "a string that is not empty";
        return type switch
        {
            "date" => Date().IsMatch(reader.GetString()!) ? null : "a date: YYYY, YYYY-MM or YYYY-MM-DD",
            "dateTime" => DateTime().IsMatch(reader.GetString()!) ? null : "a date, or a date with time and zone: YYYY-MM-DDThh:mm:ss+zz:zz",
            "instant" => Instant().IsMatch(reader.GetString()!) ? null : "a moment: YYYY-MM-DDThh:mm:ss.sss+zz:zz",
            "time" => TimeOnly.TryParseExact(reader.GetString(), ["HH:mm:ss", "HH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? null
                : "a time: hh:mm:ss",
            "id" => Services.Fhir.FhirResourceTypes.IsId(reader.GetString()!) ? null : "an id: at most 64 letters, digits, hyphens and dots",
            "code" => Code().IsMatch(reader.GetString()!) ? null : "a code: no blanks at its ends, and none beside another",
            "uri" or "url" or "canonical" => reader.ValueSpan.IndexOfAny((byte)' ', (byte)'\t') < 0 ? null : "a URI, which has no blanks",
            "oid" => Oid().IsMatch(reader.GetString()!) ? null : "an OID: urn:oid:1.2.3",
            "uuid" => Uuid().IsMatch(reader.GetString()!) ? null : "a UUID: urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
            _ => null,
        };
    }

    private const string Day = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?";
    private const string Clock = "T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))";

    [GeneratedRegex("^" + Day + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Date();

    [GeneratedRegex("^(" + Day + "|[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" + Clock + @")\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DateTime();

    [GeneratedRegex("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" + Clock + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instant();

    [GeneratedRegex(@"^[^\s]+( [^\s]+)*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^urn:oid:[0-2](\.(0|[1-9][0-9]*))+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Oid();

    [GeneratedRegex(@"^urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Uuid();
}
