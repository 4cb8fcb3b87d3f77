using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.ImagingStudy;

/// <summary>A search for ImagingStudy as an identifier of C-FIND (PS3.4 §C.4.1) at study level, and the page that the client wants.</summary>
internal sealed class StudyQuery
{
    /// <summary>Return keys of every query, with their value representations.</summary>
    private static readonly (string Tag, string Vr)[] Returned =
    [
        ("00080005", "CS"), ("00080020", "DA"), ("00080030", "TM"), ("00080050", "SH"), ("00080061", "CS"), ("00080201", "SH"), ("00081030", "LO"),
        ("00100010", "PN"), ("00100020", "LO"),
        ("0020000D", "UI"), ("00201206", "IS"), ("00201208", "IS"),
    ];

    private StudyQuery(JsonObject identifier) => Identifier = identifier;

    /// <summary>The identifier as DICOM JSON.</summary>
    public JsonObject Identifier { get; }

    /// <summary>Studies on the page; null if the client gives no number, 0 for the total alone.</summary>
    public int? Count { get; private set; }

    /// <summary>Studies before the page.</summary>
    public int Offset { get; private set; }

    /// <summary>The query for one study.</summary>
    public static StudyQuery ById(string uid)
    {
        var query = Empty();
        query.Set("0020000D", uid);
        return query;
    }

    /// <summary>
    /// Reads the parameters of a search. An unknown parameter is refused: without its filter the client would see other studies than it asked for.
    /// </summary>
    public static (StudyQuery? Query, FhirRefusal? Refusal) Of(FhirQuery search, ImagingStudyOptions options)
    {
        var query = Empty();
        foreach (var (name, value) in search.Pairs)
        {
            var problem = query.Add(name, value, options);
            if (problem is not null) return (null, FhirRefusal.Invalid(problem));
        }

        return (query, null);
    }

    private static StudyQuery Empty()
    {
        var identifier = new JsonObject();
        foreach (var (tag, vr) in Returned) identifier[tag] = new JsonObject { ["vr"] = vr };
        return new StudyQuery(identifier);
    }

    private string? Add(string name, string value, ImagingStudyOptions options) => name switch
    {
        "_format" or "_pretty" or "_summary" or "_total" or "_sort" => null,
        "_count" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 1000
            ? Page(count, Offset)
            : "'_count' is a number up to 1000",
        "_offset" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? Page(Count, offset) : "'_offset' is a number",
        "_id" => SetOnce("0020000D", value),
        "patient" or "subject" or "patient:Patient" or "subject:Patient"
            => SetOnce("00100020", value.StartsWith("Patient/", StringComparison.Ordinal) ? value["Patient/".Length..] : value),
        "patient.identifier" or "patient:identifier" or "subject.identifier" or "patient:Patient.identifier"
            => Token(value) is var (system, id) && (system is null || system == options.PatientSystem)
            ? SetOnce("00100020", id)
            : "the patient's identifier is of another system than 'patient_system'",
        "identifier" => IdentifierOf(value, options),
        "modality" => SetOnce("00080061", Token(value).Code),
        "started" => Started(value),
        _ => $"the search parameter '{FhirQuery.Bare(name)}' is not known here; there are patient, patient.identifier, identifier, modality, started, _id, "
            + "_count, _offset",
    };

    private string? IdentifierOf(string value, ImagingStudyOptions options)
    {
        var (system, code) = Token(value);
        if (code.StartsWith("urn:oid:", StringComparison.Ordinal)) return SetOnce("0020000D", code["urn:oid:".Length..]);
        if (system == "urn:dicom:uid") return SetOnce("0020000D", code);
        if (system is null || system == options.AccessionSystem) return SetOnce("00080050", code);
        return "an identifier is a study UID (urn:dicom:uid|urn:oid:1.2.3) or an accession number";
    }

    /// <summary>Dates have days here: archives match a range of them (PS3.4 §C.2.2.2.5).</summary>
    private string? Started(string value)
    {
        var prefix = value.Length > 2 && char.IsAsciiLetter(value[0]) ? value[..2] : "eq";
        var text = prefix == "eq" && !value.StartsWith("eq", StringComparison.Ordinal) ? value : value[2..];
        if (prefix is not ("eq" or "ge" or "le" or "gt" or "lt" or "sa" or "eb") || Days(text) is not var (first, last))
            return "'started' is a date: 2024, 2024-01 or 2024-01-31, perhaps behind eq, ge, le, gt or lt";
        string? low = prefix switch { "eq" or "ge" => first, "gt" or "sa" => Day(last, 1), _ => null },
            high = prefix switch { "eq" or "le" => last, "lt" or "eb" => Day(first, -1), _ => null };
        var known = (Identifier["00080020"]!["Value"] as JsonArray)?[0]!.ToString().Split('-') ?? ["", ""];
        var known1 = known.Length > 1 ? known[1] : known[0];
        low = string.CompareOrdinal(low ?? "", known[0]) > 0 ? low! : known[0];
        high = known1.Length == 0 ? high ?? "" : high is null || string.CompareOrdinal(known1, high) < 0 ? known1 : high;
        Set("00080020", low == high ? low : $"{low}-{high}");
        return null;
    }

    private static (string First, string Last)? Days(string text)
    {
        foreach (var (format, months, days) in new[] { ("yyyy", 12, 0), ("yyyy-MM", 1, 0), ("yyyy-MM-dd", 0, 1) })
        {
            if (text.Split('T')[0] is var date && DateOnly.TryParseExact(date, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
                && first.Year is > 1 and < 9998)
                return (Words(first), Words(first.AddMonths(months).AddDays(days - 1)));
        }

        return null;
    }

    private static string Day(string day, int days) => Words(DateOnly.ParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture).AddDays(days));

    private static string Words(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static (string? System, string Code) Token(string value)
        => value.Split('|', 2) is [var system, var code] ? (system.Length == 0 ? null : system, code) : (null, value);

    private string? Page(int? count, int offset)
    {
        (Count, Offset) = (count, offset);
        return null;
    }

    private string? SetOnce(string tag, string value)
    {
        // A star or a backslash would match more studies than the client may ask for.
        if (value.Length is 0 or > 64 || value.AsSpan().IndexOfAny("*?\\,") >= 0 || value.Any(char.IsControl))
            return "a value of the search is empty, too long, or has a character that matches others";
        if (Identifier[tag]!["Value"] is JsonArray known && known[0]!.ToString() != value)
            return "two conditions of the search exclude each other, or cannot be put to the archive at once";
        Set(tag, value);
        return null;
    }

    private void Set(string tag, string value) => Identifier[tag]!["Value"] = new JsonArray(value);
}
