using Harmony.Dicom.Data;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>The identifier of a C-GET or C-MOVE: unique keys only, as PS3.4 §C.4.2.1.4 demands.</summary>
/// <param name="Level">The level.</param>
/// <param name="Keys">The unique keys of the level and those above it.</param>
internal sealed record RetrievalPlan(QueryLevel Level, DicomDataSet Keys)
{
    /// <summary>The identifier on the wire.</summary>
    public DicomDataSet Identifier => Keys.ToBuilder().Set(DicomTag.QueryRetrieveLevel, Level.Name()).Build();

    /// <summary>The unique keys that a retrieval at a level needs.</summary>
    public static IReadOnlyList<DicomTag> Needed(QueryLevel level) => level switch
    {
        QueryLevel.Patient => [DicomTag.PatientID],
        QueryLevel.Study => [DicomTag.StudyInstanceUID],
        QueryLevel.Series => [DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID],
        _ => [DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID, DicomTag.SOPInstanceUID],
    };

    /// <summary>
    /// The plan for an identifier that says by its unique keys alone what is wanted: every one of them, of the upper levels one value, no other
    /// key with a value, since that would go unheeded. Null for any other.
    /// </summary>
    public static RetrievalPlan? Direct(QueryLevel level, DicomDataSet identifier)
    {
        var needed = Needed(level);
        var keys = new DicomDataSetBuilder(identifier.CharacterSet);
        foreach (var element in identifier)
        {
            if (element.IsEmpty || element.Tag == DicomTag.SpecificCharacterSet) continue;
            if (!needed.Contains(element.Tag) || HasWildCard(element)) return null;
            if (element.Tag != level.UniqueKey() && element is DicomValue { Count: > 1 }) return null;
            if (element.Tag == DicomTag.PatientID && element is DicomValue { Count: > 1 }) return null;
            keys.Set(element);
        }

        var built = keys.Build();
        return needed.All(k => built.GetString(k) is not null) ? new RetrievalPlan(level, built) : null;
    }

    /// <summary>The plans for what a query has found: one for all that have the same parent.</summary>
    public static IReadOnlyList<RetrievalPlan> Of(QueryLevel level, IEnumerable<DicomDataSet> found)
    {
        var needed = Needed(level);
        var unique = level.UniqueKey();
        return
        [
            .. found.Where(f => needed.All(k => f.GetString(k) is not null))
                .GroupBy(f => string.Join('\\', needed.Where(k => k != unique || level == QueryLevel.Patient).Select(k => f.GetString(k))),
                    StringComparer.Ordinal)
                .Select(g => new RetrievalPlan(level, KeysOf(needed, unique, [.. g]))),
        ];
    }

    /// <summary>Whether an object belongs to what is asked for.</summary>
    public bool Includes(DicomDataSet header)
        => Needed(Level).All(k => header.GetString(k) is { } value && Keys.GetStrings(k).Contains(value, StringComparer.Ordinal));

    /// <summary>Whether an object might belong to both.</summary>
    public bool MayOverlap(RetrievalPlan other)
    {
        var (mine, theirs) = (Keys.GetStrings(DicomTag.StudyInstanceUID), other.Keys.GetStrings(DicomTag.StudyInstanceUID));
        if (mine.Count > 0 && theirs.Count > 0) return mine.Intersect(theirs, StringComparer.Ordinal).Any();
        return mine.Count > 0 || theirs.Count > 0 || Keys.GetString(DicomTag.PatientID) == other.Keys.GetString(DicomTag.PatientID);
    }

    private static DicomDataSet KeysOf(IReadOnlyList<DicomTag> needed, DicomTag unique, IReadOnlyList<DicomDataSet> found)
    {
        var keys = new DicomDataSetBuilder(found[0].CharacterSet);
        foreach (var key in needed)
        {
            if (key == unique && key != DicomTag.PatientID) keys.Set(key, [.. found.Select(f => f.GetString(key)!).Distinct(StringComparer.Ordinal)]);
            else if (found[0].TryGet(key, out var element)) keys.Set(element);
        }

        return keys.Build();
    }

    private static bool HasWildCard(DicomElement element)
        => element is DicomValue { Vr: not Vr.UI } value && value.GetText().AsSpan().IndexOfAny('*', '?') >= 0;
}
