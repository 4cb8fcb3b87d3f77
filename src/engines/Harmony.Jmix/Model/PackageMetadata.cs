using System.Globalization;
using System.Text.Json.Nodes;

namespace Harmony.Jmix.Model;

/// <summary>Gathers the content of <c>payload/metadata.json</c> while the objects of a package stream.</summary>
/// <remarks>The first object with a value decides, as in the public implementations. Values that the schema refuses are left out.</remarks>
internal sealed class PackageMetadata
{
    private readonly Dictionary<string, SeriesCount> _series = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private string _patientId = "", _issuer = "", _name = "", _birthDate = "", _sex = "", _study = "", _description = "";

    /// <summary>The study of the package: that of the first object; empty without objects.</summary>
    public string StudyInstanceUid => _study;

    /// <summary>Adds the attributes of an object.</summary>
    public void Add(DicomAttributes attributes)
    {
        First(ref _patientId, attributes.PatientId);
        First(ref _issuer, attributes.IssuerOfPatientId);
        First(ref _name, attributes.PatientName);
        First(ref _birthDate, attributes.PatientBirthDate);
        First(ref _sex, attributes.PatientSex);
        First(ref _study, attributes.StudyInstanceUid);
        First(ref _description, attributes.StudyDescription);

        if (!_series.TryGetValue(attributes.SeriesInstanceUid, out var series))
        {
            series = new SeriesCount();
            _series.Add(attributes.SeriesInstanceUid, series);
            _order.Add(attributes.SeriesInstanceUid);
        }

        First(ref series.Modality, attributes.Modality);
        First(ref series.BodyPart, attributes.BodyPart);
        series.Instances++;
    }

    /// <summary>The document.</summary>
    /// <param name="id">The identifier of the package.</param>
    /// <param name="timestamp">The time of creation, as in the manifest.</param>
    /// <param name="options">Consent, tags, the report.</param>
    public JsonObject ToJson(string id, string timestamp, JmixBuildOptions options)
    {
        var document = new JsonObject
        {
            ["version"] = JmixBuildOptions.SpecificationVersion,
            ["id"] = id,
            ["timestamp"] = timestamp,
            ["patient"] = Patient(),
        };
        if (options.Report is not null) document["report"] = new JsonObject { ["file"] = options.Report };
        if (_order.Count > 0) document["studies"] = Studies();
        var extensions = JmixJson.Extensions(options);
        if (extensions.Count > 0) document["extensions"] = extensions;
        return document;
    }

    private JsonObject Patient()
    {
        var patient = new JsonObject { ["id"] = _patientId.Length > 0 ? _patientId : "UNKNOWN" };
        if (_name.Length > 0) patient["name"] = Name(_name);
        if (BirthDate(_birthDate) is { } date) patient["dob"] = date;
        if (_sex is "M" or "F" or "O") patient["sex"] = _sex;
        if (_patientId.Length > 0 && _issuer.Length > 0)
            patient["identifiers"] = new JsonArray(new JsonObject { ["system"] = "urn:local:" + Uri.EscapeDataString(_issuer), ["value"] = _patientId });
        return patient;
    }

    private JsonObject Studies()
    {
        var studies = new JsonObject();
        if (_description.Length > 0) studies["study_description"] = _description;
        if (_study.Length > 0) studies["study_uid"] = _study;
        var list = new JsonArray();
        foreach (var uid in _order)
        {
            var series = _series[uid];
            var entry = new JsonObject { ["series_uid"] = uid, ["modality"] = series.Modality };
            if (series.BodyPart.Length > 0) entry["body_part"] = series.BodyPart;
            entry["instance_count"] = series.Instances;
            list.Add((JsonNode)entry);
        }

        studies["series"] = list;
        return studies;
    }

    /// <summary>The components of a person name (PS3.5 §6.2.1.1) as a FHIR HumanName has them.</summary>
    private static JsonObject Name(string name)
    {
        var components = name.Split('=')[0].Split('^', StringSplitOptions.TrimEntries);
        string Component(int index) => index < components.Length ? components[index] : "";
        var given = new JsonArray();
        foreach (var part in new[] { Component(1), Component(2) })
        {
            if (part.Length > 0) given.Add((JsonNode)part);
        }

        var result = new JsonObject();
        if (Component(0).Length > 0) result["family"] = Component(0);
        if (given.Count > 0) result["given"] = given;
        if (Component(3).Length > 0) result["prefix"] = Component(3);
        if (Component(4).Length > 0) result["suffix"] = Component(4);
        result["text"] =
            string.Join(", ", new[] { Component(0), string.Join(' ', new[] { Component(1), Component(2) }.Where(p => p.Length > 0)) }.Where(p => p.Length > 0));
        return result;
    }

    private static string? BirthDate(string value)
        => DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;

    private static void First(ref string current, string candidate)
    {
        if (current.Length == 0) current = candidate.Trim(' ', '\0');
    }

    private sealed class SeriesCount
    {
        public string Modality = "", BodyPart = "";
        public int Instances;
    }
}
