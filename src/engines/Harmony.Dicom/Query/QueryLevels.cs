using Harmony.Dicom.Data;

namespace Harmony.Dicom.Query;

/// <summary>The levels of the query/retrieve information models, from the top: PS3.4 §C.6.</summary>
public enum QueryLevel
{
    /// <summary>Patients; only the Patient Root model has it.</summary>
    Patient,

    /// <summary>Studies.</summary>
    Study,

    /// <summary>Series.</summary>
    Series,

    /// <summary>Objects, images and others.</summary>
    Image,
}

/// <summary>What the levels are called, and what identifies an entity of each.</summary>
public static class QueryLevels
{
    private static readonly QueryLevel[] All = [QueryLevel.Patient, QueryLevel.Study, QueryLevel.Series, QueryLevel.Image];

    /// <summary>The value of (0008,0052): <c>PATIENT</c>, <c>STUDY</c>, <c>SERIES</c>, <c>IMAGE</c>.</summary>
    public static string Name(this QueryLevel level) => level switch
    {
        QueryLevel.Patient => "PATIENT",
        QueryLevel.Study => "STUDY",
        QueryLevel.Series => "SERIES",
        _ => "IMAGE",
    };

    /// <summary>The unique key of a level: PS3.4 tables C.6-1 to C.6-5.</summary>
    public static DicomTag UniqueKey(this QueryLevel level) => level switch
    {
        QueryLevel.Patient => DicomTag.PatientID,
        QueryLevel.Study => DicomTag.StudyInstanceUID,
        QueryLevel.Series => DicomTag.SeriesInstanceUID,
        _ => DicomTag.SOPInstanceUID,
    };

    /// <summary>Reads a value of (0008,0052), whatever its letter case; <c>INSTANCE</c> is taken for <c>IMAGE</c>.</summary>
    public static bool TryParse(string? text, out QueryLevel level)
    {
        level = QueryLevel.Study;
        foreach (var known in All)
        {
            if (!known.Name().Equals(text, StringComparison.OrdinalIgnoreCase)) continue;
            level = known;
            return true;
        }

        if (!"INSTANCE".Equals(text, StringComparison.OrdinalIgnoreCase)) return false;
        level = QueryLevel.Image;
        return true;
    }

    /// <summary>
    /// The level of a query that does not say: the lowest whose unique key is in it, with a value or as a key to return; studies when there is none.
    /// </summary>
    public static QueryLevel Infer(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return identifier.Contains(DicomTag.SOPInstanceUID) ? QueryLevel.Image
            : identifier.Contains(DicomTag.SeriesInstanceUID) ? QueryLevel.Series
            : QueryLevel.Study;
    }

    /// <summary>
    /// Whether an identifier names the objects to retrieve at a level: its unique key has values without wild cards (PS3.4 §C.4.2.1.4, C.4.3.1.3).
    /// One that does not say would mean everything there is.
    /// </summary>
    public static bool NamesEntities(this QueryLevel level, DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        var values = identifier.GetStrings(level.UniqueKey());
        return values.Any(v => v.Length > 0) && !values.Any(v => v.AsSpan().ContainsAny('*', '?'));
    }

    /// <summary>The level of a retrieval that does not say: the lowest whose unique key has a value; null when none has.</summary>
    public static QueryLevel? InferRetrieved(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        for (var i = All.Length - 1; i >= 0; i--)
        {
            if (identifier.GetString(All[i].UniqueKey()) is not null) return All[i];
        }

        return null;
    }
}
