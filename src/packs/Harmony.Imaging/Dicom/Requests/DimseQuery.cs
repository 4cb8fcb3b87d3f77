using Harmony.Dicom.Data;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Dicom.Requests;

/// <summary>What is looked for, or retrieved.</summary>
/// <param name="Identifier">The keys, without (0008,0052).</param>
/// <param name="Level">The level; null where nothing says it.</param>
/// <param name="MaxResults">Most matches; null for no limit.</param>
internal sealed record DimseQuery(DicomDataSet Identifier, QueryLevel? Level, int? MaxResults)
{
    /// <summary>The keys, with the unique key of the level: a match that does not say what it is of is of no use.</summary>
    public DicomDataSet KeysAt(QueryLevel level)
        => Identifier.Contains(level.UniqueKey()) ? Identifier : Identifier.ToBuilder().Set(level.UniqueKey()).Build();
}
