using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>The metadata of a DICOMweb request for policies and specs: metadata whose names begin with <c>dicomweb.</c> (<c>docs/dicomweb.md</c>).</summary>
internal static class DicomWebMetadata
{
    /// <summary>The service: <c>search</c>, <c>retrieve</c>, <c>metadata</c>, <c>frames</c>, <c>store</c> …</summary>
    public const string Service = "dicomweb.service";

    /// <summary><c>study</c>, <c>series</c> or <c>instance</c>.</summary>
    public const string Level = "dicomweb.level";

    /// <summary>The UIDs that the path names, and the title it begins with.</summary>
    public const string Study = "dicomweb.study", Series = "dicomweb.series", Instance = "dicomweb.instance", Aet = "dicomweb.aet";

    /// <summary>Before the keyword of each key of a search that has a value: <c>dicomweb.query.PatientID</c>.</summary>
    public const string Query = "dicomweb.query.";

    public static void Describe(RequestEnvelope request, DicomWebRequest web)
    {
        var metadata = request.Metadata;
        metadata[Service] = web.Resource.Service.ToString().ToLowerInvariant();
        metadata[Level] = web.Resource.Level switch { QueryLevel.Series => "series", QueryLevel.Image => "instance", _ => "study" };
        Set(metadata, Study, web.Resource.Study);
        Set(metadata, Series, web.Resource.Series);
        Set(metadata, Instance, web.Resource.Instance);
        Set(metadata, Aet, web.Resource.AeTitle);
        if (web.Search is not { } search) return;
        foreach (var key in search.Keys)
        {
            if (key is DicomValue { IsEmpty: false } value) metadata[Query + (DicomDictionary.Keyword(key.Tag) ?? key.Tag.ToHex())] = value.GetText();
        }
    }

    private static void Set(IDictionary<string, string> metadata, string name, string? value)
    {
        if (value is not null) metadata[name] = value;
    }
}
