using System.Text.Json.Nodes;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>Which attributes are asked for at which level: systems need not know those of other levels (PS3.4 §C.6).</summary>
internal static class SearchPlan
{
    private static readonly DicomTag[] OfImage = [DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID, DicomTag.SOPInstanceUID];
    private static readonly DicomTag[] OfSeries = OfImage[..2], OfStudy = OfImage[..1];

    /// <summary>
    /// The attributes that a search returns: the defaults of its level, those of the levels above that the path does not name, and those that the client adds.
    /// </summary>
    public static IReadOnlyList<DicomTag> ReturnKeys(DicomWebRequest web)
    {
        var (resource, search) = (web.Resource, web.Search!);
        var level = resource.Level;
        var tags = new List<DicomTag>(Of(level, search));
        if (level >= QueryLevel.Series && resource.Study is null) tags.AddRange(Of(QueryLevel.Study, search));
        if (level == QueryLevel.Image && resource.Series is null) tags.AddRange(Of(QueryLevel.Series, search));
        // A study has no modality of its own, and systems would look into each series for it; what it has is added from (0008,0061).
        var included = search.Included.Where(t => level != QueryLevel.Study || t != DicomTag.Modality);
        tags.AddRange(included.Where(t => SearchAttributes.LevelOf(t) is not { } own || own <= level));
        return [.. tags.Distinct().Where(t => t != DicomTag.InstanceAvailability && t != DicomTag.TimezoneOffsetFromUTC)];
    }

    /// <summary>The part of the keys that a level knows, and those that are returned of it.</summary>
    /// <param name="keys">All keys.</param>
    /// <param name="returned">All that is returned.</param>
    /// <param name="level">The level.</param>
    /// <param name="searched">The level that is searched: attributes that no level is known to have are asked for there.</param>
    /// <param name="isRelational">Whether the levels above are asked for at the same time.</param>
    public static DicomDataSet At(DicomDataSet keys, IReadOnlyList<DicomTag> returned, QueryLevel level, QueryLevel searched, bool isRelational)
    {
        var at = new DicomDataSetBuilder(keys.CharacterSet);
        foreach (var tag in returned.Where(t => Belongs(t, level, searched, isRelational))) SetEmpty(at, tag);
        foreach (var key in keys.Where(k => Belongs(k.Tag, level, searched, isRelational))) at.Set(key);
        var known = at.Build();
        foreach (var unique in Uniques(level).Where(u => !known.Contains(u))) at.Set(unique);
        return at.Build();
    }

    /// <summary>Whether keys above a level restrict a search besides the UIDs that name its entities.</summary>
    public static bool IsRestrictedAbove(DicomDataSet keys, QueryLevel level)
        => keys.Any(k => !k.IsEmpty && !IsUnique(k.Tag) && SearchAttributes.LevelOf(k.Tag) is { } own && own < level);

    /// <summary>Whether all entities above a level are named, each by one UID.</summary>
    public static bool NamesParents(DicomDataSet keys, QueryLevel level)
        => Uniques(level).Where(u => u != level.UniqueKey()).All(u => keys.GetStrings(u) is [{ Length: > 0 }]);

    /// <summary>Adds a key without a value.</summary>
    public static void SetEmpty(DicomDataSetBuilder keys, DicomTag tag)
    {
        var vr = DicomDictionary.VrOf(tag);
        keys.Set(vr == Vr.SQ ? new DicomSequence(tag, []) : new DicomValue(tag, vr == Vr.UN ? Vr.LO : vr, ReadOnlyMemory<byte>.Empty, keys.CharacterSet));
    }

    /// <summary>The UIDs that name an entity of a level.</summary>
    public static IReadOnlyList<DicomTag> Uniques(QueryLevel level) => level switch
    {
        QueryLevel.Image => OfImage,
        QueryLevel.Series => OfSeries,
        _ => OfStudy,
    };

    private static IReadOnlyList<DicomTag> Of(QueryLevel level, SearchQuery search)
        => search.IncludesAll ? SearchAttributes.AllOf(level) : SearchAttributes.DefaultsOf(level);

    private static bool IsUnique(DicomTag tag) => Uniques(QueryLevel.Image).Contains(tag);

    private static bool Belongs(DicomTag tag, QueryLevel level, QueryLevel searched, bool isRelational)
    {
        if (tag == DicomTag.SpecificCharacterSet) return false;
        if (IsUnique(tag)) return Uniques(level).Contains(tag);
        var own = SearchAttributes.LevelOf(tag) ?? searched;
        return own == level || (isRelational && own < level);
    }
}

/// <summary>The keys of a search as later steps see them: <c>{dimse_identifier: {…}}</c> in DICOM JSON, what <c>dicom_scu</c> takes from any client.</summary>
internal static class SearchIdentifier
{
    public static JsonObject Write(DicomWebRequest web)
    {
        var keys = web.Search!.Keys.ToBuilder();
        foreach (var tag in SearchPlan.ReturnKeys(web).Where(t => !web.Search.Keys.Contains(t))) SearchPlan.SetEmpty(keys, tag);
        return new JsonObject { ["dimse_identifier"] = JsonNode.Parse(DicomJsonWriter.ToUtf8(keys.Build())) };
    }
}
