using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.ImagingStudy;

/// <summary>Makes an ImagingStudy (https://hl7.org/fhir/R4/imagingstudy.html) from the attributes of a study.</summary>
/// <param name="options">The options.</param>
/// <param name="zone">The time zone of studies without (0008,0201).</param>
internal sealed class StudyResource(ImagingStudyOptions options, TimeZoneInfo zone)
{
    private const string Modalities = "http://dicom.nema.org/resources/ontology/DCM";

    /// <summary>The resource; null for a match without a UID that is an id of FHIR.</summary>
    /// <param name="match">The study as DICOM JSON.</param>
    /// <param name="series">Its series as DICOM JSON; empty if the archive was not asked for them.</param>
    public JsonObject? Of(JsonObject match, IEnumerable<JsonObject> series)
    {
        if (Text(match, "0020000D") is not { } uid || !FhirResourceTypes.IsId(uid)) return null;
        var study = new JsonObject { ["resourceType"] = "ImagingStudy", ["id"] = uid };
        if (options.DicomwebUrl is { } url) study["contained"] = new JsonArray(Endpoint(url));
        var identifiers = new JsonArray(new JsonObject { ["use"] = "official", ["system"] = "urn:dicom:uid", ["value"] = "urn:oid:" + uid });
        if (Text(match, "00080050") is { } accession) identifiers.Add((JsonNode)Accession(accession));
        study["identifier"] = identifiers;
        study["status"] = "available";
        if (Texts(match, "00080061").Select(m => (JsonNode)new JsonObject { ["system"] = Modalities, ["code"] = m }).ToArray() is { Length: > 0 } modalities)
            study["modality"] = new JsonArray(modalities);
        study["subject"] = Subject(match);
        if (Started(match) is { } started) study["started"] = started;
        if (options.DicomwebUrl is not null) study["endpoint"] = new JsonArray(new JsonObject { ["reference"] = "#dicomweb" });
        if (Number(match, "00201206") is { } seriesCount) study["numberOfSeries"] = seriesCount;
        if (Number(match, "00201208") is { } instances) study["numberOfInstances"] = instances;
        if (Text(match, "00081030") is { } description) study["description"] = description;
        if (series.Select(Series).OfType<JsonNode>().ToArray() is { Length: > 0 } all) study["series"] = new JsonArray(all);
        return study;
    }

    private JsonObject Subject(JsonObject match)
    {
        var subject = new JsonObject();
        if (Text(match, "00100020") is not { } id)
        {
            subject["display"] = "not known";
            return subject;
        }

        if (FhirResourceTypes.IsId(id)) subject["reference"] = "Patient/" + id;
        var identifier = new JsonObject();
        if (options.PatientSystem is { } system) identifier["system"] = system;
        identifier["value"] = id;
        subject["identifier"] = identifier;
        return subject;
    }

    private JsonObject Accession(string number)
    {
        var identifier = new JsonObject
        {
            ["type"] = new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0203", ["code"] = "ACSN" })
            },
        };
        if (options.AccessionSystem is { } system) identifier["system"] = system;
        identifier["value"] = number;
        return identifier;
    }

    private static JsonObject? Series(JsonObject match)
    {
        if (Text(match, "0020000E") is not { } uid || Text(match, "00080060") is not { } modality) return null;
        var series = new JsonObject { ["uid"] = uid };
        if (Number(match, "00200011") is { } number) series["number"] = number;
        series["modality"] = new JsonObject { ["system"] = Modalities, ["code"] = modality };
        if (Text(match, "0008103E") is { } description) series["description"] = description;
        if (Number(match, "00201209") is { } instances) series["numberOfInstances"] = instances;
        return series;
    }

    private static JsonObject Endpoint(string url) => new()
    {
        ["resourceType"] = "Endpoint",
        ["id"] = "dicomweb",
        ["status"] = "active",
        ["connectionType"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", ["code"] = "dicom-wado-rs" },
        ["payloadType"] = new JsonArray(new JsonObject { ["text"] = "DICOM" }),
        ["address"] = url,
    };

    /// <summary>
    /// Date and time of DICOM as a dateTime of FHIR; the date alone if there is no time: FHIR has no time without a zone, and no zone without a time.
    /// </summary>
    private string? Started(JsonObject match)
    {
        if (!DateOnly.TryParseExact(Text(match, "00080020"), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return null;
        var day = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var clock = (Text(match, "00080030") ?? "").Split('.')[0];
        if (!TimeOnly.TryParseExact(clock, ["HHmmss", "HHmm", "HH"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return day;
        var moment = date.ToDateTime(time);
        var offset = Text(match, "00080201") is { Length: 5 } told && TimeSpan.TryParseExact(told[1..], "hhmm", CultureInfo.InvariantCulture, out var span)
            && span.TotalHours <= 14
            ? told[0] == '-' ? -span : span
            : zone.GetUtcOffset(moment);
        return new DateTimeOffset(moment, offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    private static int? Number(JsonObject match, string tag)
        => int.TryParse(Texts(match, tag).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The first value of an attribute, without blanks around it; null for none.</summary>
    public static string? Text(JsonObject match, string tag) => Texts(match, tag).FirstOrDefault();

    private static IEnumerable<string> Texts(JsonObject match, string tag)
    {
        foreach (var value in (match[tag]?["Value"] as JsonArray ?? []).OfType<JsonValue>())
        {
            if ((FhirElements.Text(value) ?? value.ToJsonString()).Trim() is { Length: > 0 } text) yield return text;
        }
    }
}
